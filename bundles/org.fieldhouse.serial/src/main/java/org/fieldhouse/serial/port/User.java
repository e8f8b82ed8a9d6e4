package org.fieldhouse.serial.port;

/** A bundle for as long as it has the service. Equal only to itself: the next version of a bundle is another user of the same name. */
final class User {
    private final String name;

    User(String name) {
        this.name = name;
    }

    boolean isNextVersionOf(User before) {
        return this != before && name.equals(before.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
