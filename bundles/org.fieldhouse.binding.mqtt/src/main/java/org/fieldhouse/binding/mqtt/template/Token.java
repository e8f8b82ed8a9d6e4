package org.fieldhouse.binding.mqtt.template;

/**
 * A piece of a template.
 *
 * @param kind what it is
 * @param text as written; of a STRING its content, of TEXT the literal text
 * @param at index in the template
 */
record Token(Kind kind, String text, int at) {
    enum Kind {
        TEXT,
        OPEN_PRINT,
        CLOSE_PRINT,
        OPEN_STATEMENT,
        CLOSE_STATEMENT,
        NAME,
        NUMBER,
        STRING,
        SIGN,
        END
    }

    boolean is(String sign) {
        return (kind == Kind.SIGN || kind == Kind.NAME) && text.equals(sign);
    }
}
