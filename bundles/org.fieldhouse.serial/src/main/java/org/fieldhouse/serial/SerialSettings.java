package org.fieldhouse.serial;

import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;

/**
 * How the two ends of a line talk.
 *
 * @param baud bit/s, {@value #MIN_BAUD} to {@value #MAX_BAUD}
 * @param dataBits 5 to 8
 */
public record SerialSettings(int baud, int dataBits, Parity parity, StopBits stopBits, Flow flow) {
    public static final int MIN_BAUD = 50;
    public static final int MAX_BAUD = 4_000_000;

    /** The bit behind the data bits. */
    public enum Parity {
        NONE,
        ODD,
        EVEN,
        MARK,
        SPACE
    }

    /** The pause behind a byte. */
    public enum StopBits {
        ONE,
        TWO
    }

    /** How one end makes the other wait. A pseudo-terminal has no RTS and CTS. */
    public enum Flow {
        NONE,
        RTS_CTS,
        XON_XOFF
    }

    public SerialSettings {
        if (baud < MIN_BAUD || baud > MAX_BAUD) {
            throw new IllegalArgumentException("a baud rate is " + MIN_BAUD + " to " + MAX_BAUD + ", not " + baud);
        }
        if (dataBits < 5 || dataBits > 8) {
            throw new IllegalArgumentException("there are 5 to 8 data bits, not " + dataBits);
        }
    }

    /** 8 data bits, no parity, one stop bit, no flow control: 8N1. */
    public static SerialSettings baud(int baud) {
        return new SerialSettings(baud, 8, Parity.NONE, StopBits.ONE, Flow.NONE);
    }

    /**
     * Reads {@code baud}, {@code data-bits}, {@code parity}, {@code stop-bits} and {@code flow} of a device.
     *
     * @param fallback for what is not said
     */
    public static SerialSettings of(Settings settings, SerialSettings fallback) throws SettingsException {
        return new SerialSettings(
                (int) settings.integer("baud", MIN_BAUD, MAX_BAUD, fallback.baud),
                (int) settings.integer("data-bits", 5, 8, fallback.dataBits),
                settings.choice("parity", Parity.class, fallback.parity),
                settings.choice("stop-bits", StopBits.class, fallback.stopBits),
                settings.choice("flow", Flow.class, fallback.flow));
    }

    /** {@code 9600 8N1}. */
    @Override
    public String toString() {
        return baud + " " + dataBits + parity.name().charAt(0) + (stopBits == StopBits.ONE ? 1 : 2)
                + (flow == Flow.NONE ? "" : flow == Flow.RTS_CTS ? " RTS/CTS" : " XON/XOFF");
    }
}
