package org.fieldhouse.binding.bluetooth;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.model.Candidate;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.Names;
import org.fieldhouse.binding.bluetooth.codec.Advertisement;
import org.fieldhouse.binding.bluetooth.codec.AdvertisementCodec;
import org.fieldhouse.binding.bluetooth.codec.Decoded;
import org.jspecify.annotations.Nullable;

/** All that an adapter hears, whether the house has it or not. Thread-safe; calls nobody. */
final class Neighbours {
    /** Passers-by with private addresses come and go by the hundred; the longest unheard are forgotten beyond this. */
    private static final int MOST = 2_000;
    /** A candidate that was not heard for so long is withdrawn: rarely speaking sensors stay in the list. */
    private static final long GONE_MILLIS = 15 * 60_000;

    private static final long IN_RANGE_MILLIS = 60_000;
    /** An offer is an event in the journal: a signal that wavers is not told again. */
    private static final int RSSI_STEP = 10;

    private static final long RSSI_MILLIS = 60_000;

    private static final class Neighbour {
        String name = "";
        String addressType = "";
        Advertisement last = new Advertisement(Map.of(), Map.of());

        @Nullable
        Integer rssi;

        long heardMillis;

        @Nullable
        Candidate offered;

        int offeredRssi;
        long offeredMillis;
        /** The device of the house that it is. */
        @Nullable
        DeviceId owned;
    }

    private final DeviceId bridge;
    private final int mostCandidates;
    /** The one that was unheard for the longest first. */
    private final Map<String, Neighbour> all = new LinkedHashMap<>(64, 0.75f, true);

    private int candidates;

    /** @param mostCandidates that may be offered at a time */
    Neighbours(DeviceId bridge, int mostCandidates) {
        this.bridge = bridge;
        this.mostCandidates = mostCandidates;
    }

    /**
     * Notes what bluetoothd remembers of a device, which is no sign of life.
     *
     * @param properties of org.bluez.Device1
     */
    synchronized void know(String address, Map<String, Object> properties, Radio radio) {
        note(address, properties, radio);
    }

    /**
     * Notes what was heard of a device.
     *
     * @param properties of org.bluez.Device1, all or those that changed
     * @return what is to be offered, for the first time or anew; null for nothing
     */
    @Nullable
    synchronized Candidate hear(String address, Map<String, Object> properties, Radio radio, long nowMillis) {
        Neighbour neighbour = all.get(address);
        boolean news = neighbour == null || !radio.advertisement().isWithin(neighbour.last);
        neighbour = note(address, properties, radio);
        if (radio.rssi() == null && radio.advertisement().isEmpty()) {
            return null;
        }
        neighbour.heardMillis = nowMillis;
        return neighbour.owned == null && Address.isLasting(address, neighbour.addressType)
                ? offer(address, neighbour, news, nowMillis)
                : null;
    }

    private Neighbour note(String address, Map<String, Object> properties, Radio radio) {
        Neighbour neighbour = all.get(address);
        if (neighbour == null) {
            makeRoom();
            neighbour = new Neighbour();
            all.put(address, neighbour);
        }
        if (properties.get("Name") instanceof String name && !name.isBlank()) {
            neighbour.name = name;
        }
        if (properties.get("AddressType") instanceof String type) {
            neighbour.addressType = type;
        }
        if (radio.rssi() != null) {
            neighbour.rssi = radio.rssi();
        }
        neighbour.last = radio.advertisement().over(neighbour.last);
        return neighbour;
    }

    /** Children and candidates stay: their numbers have bounds of their own. */
    private void makeRoom() {
        if (all.size() >= MOST + mostCandidates) {
            all.values().stream()
                    .filter(each -> each.owned == null && each.offered == null)
                    .findFirst()
                    .ifPresent(all.values()::remove);
        }
    }

    private @Nullable Candidate offer(String address, Neighbour neighbour, boolean news, long nowMillis) {
        int rssi = neighbour.rssi == null ? 0 : neighbour.rssi;
        boolean moved = Math.abs(rssi - neighbour.offeredRssi) >= RSSI_STEP
                && nowMillis - neighbour.offeredMillis >= RSSI_MILLIS;
        Candidate before = neighbour.offered;
        if (before == null && candidates >= mostCandidates || before != null && !news && !moved) {
            return null;
        }
        Candidate candidate = candidate(address, neighbour, moved || before == null ? rssi : neighbour.offeredRssi);
        if (candidate.equals(before)) {
            return null;
        }
        if (before == null) {
            candidates++;
        }
        neighbour.offered = candidate;
        if (moved || before == null) {
            neighbour.offeredRssi = rssi;
            neighbour.offeredMillis = nowMillis;
        }
        return candidate;
    }

    private Candidate candidate(String address, Neighbour neighbour, int rssi) {
        String format = "Bluetooth LE";
        boolean sensor = false;
        for (Decoded decoded : AdvertisementCodec.decode(neighbour.last, Address.bytes(address), null)) {
            format = decoded.format() + (decoded instanceof Decoded.Locked ? ", encrypted" : "");
            sensor |= decoded instanceof Decoded.Locked
                    || decoded instanceof Decoded.Heard heard
                            && !(heard.readings().isEmpty() && heard.events().isEmpty());
        }
        String called = neighbour.name.isEmpty() ? "Ble_" + address.replace(":", "") : neighbour.name;
        String title = (neighbour.name.isEmpty() ? "" : neighbour.name + ", ") + format + ", " + address
                + (rssi == 0 ? "" : ", " + rssi + " dBm");
        return new Candidate(
                DeviceId.of("ble:" + address),
                BluetoothBinding.ID,
                sensor ? "sensor" : "tag",
                bridge,
                Names.toDeviceName(called.replace('.', '_').replace('/', '_')),
                title,
                Map.of("address", address));
    }

    /**
     * A device of the house begins to listen.
     *
     * @param withdrawn told the candidate that it was
     * @return what was heard last; null if nothing was
     */
    synchronized @Nullable Radio own(String address, DeviceId device, List<DeviceId> withdrawn) {
        Neighbour neighbour = all.computeIfAbsent(address, a -> new Neighbour());
        neighbour.owned = device;
        if (neighbour.offered != null) {
            withdrawn.add(neighbour.offered.id());
            neighbour.offered = null;
            candidates--;
        }
        return neighbour.rssi == null && neighbour.last.isEmpty()
                ? null
                : new Radio(neighbour.rssi, neighbour.last, "");
    }

    synchronized void disown(String address) {
        Neighbour neighbour = all.get(address);
        if (neighbour != null) {
            neighbour.owned = null;
        }
    }

    /** Forgets who went away, and says which of them were candidates. */
    synchronized List<DeviceId> sweep(long nowMillis) {
        List<DeviceId> gone = new ArrayList<>();
        Iterator<Neighbour> each = all.values().iterator();
        while (each.hasNext()) {
            Neighbour neighbour = each.next();
            if (neighbour.owned == null && nowMillis - neighbour.heardMillis >= GONE_MILLIS) {
                if (neighbour.offered != null) {
                    gone.add(neighbour.offered.id());
                    candidates--;
                }
                each.remove();
            }
        }
        return gone;
    }

    /** How many were heard within the last minute. */
    synchronized long inRange(long nowMillis) {
        return all.values().stream()
                .filter(each -> each.heardMillis > 0 && nowMillis - each.heardMillis < IN_RANGE_MILLIS)
                .count();
    }
}
