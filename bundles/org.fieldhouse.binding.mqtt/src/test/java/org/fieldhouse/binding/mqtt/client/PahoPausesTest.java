package org.fieldhouse.binding.mqtt.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PahoPausesTest {
    private static final String INTERNAL = "org.eclipse.paho.client.mqttv3.internal.";

    private static StackTraceElement[] stack(String... frames) {
        StackTraceElement[] out = new StackTraceElement[frames.length];
        for (int i = 0; i < out.length; i++) {
            int dot = frames[i].lastIndexOf('.');
            out[i] = new StackTraceElement(frames[i].substring(0, dot), frames[i].substring(dot + 1), "X.java", 1);
        }
        return out;
    }

    @Test
    void onlyAThreadThatSleepsInPahosStartOrStopIsWoken() {
        assertThat(PahoPauses.isLooking(stack("java.lang.Thread.sleep", INTERNAL + "CommsSender.start")))
                .isTrue();
        assertThat(PahoPauses.isLooking(
                        stack("java.lang.Thread.sleep0", "java.lang.Thread.sleep", INTERNAL + "CommsCallback.stop")))
                .isTrue();
        assertThat(PahoPauses.isLooking(stack(INTERNAL + "CommsSender.start"))).isFalse();
        assertThat(PahoPauses.isLooking(stack("java.lang.Object.wait", INTERNAL + "CommsCallback.stop")))
                .isFalse();
        assertThat(PahoPauses.isLooking(stack("java.lang.Thread.sleep", INTERNAL + "CommsSender.run")))
                .isFalse();
        assertThat(PahoPauses.isLooking(stack("java.lang.Thread.sleep", "com.example.CommsSender.start")))
                .isFalse();
        assertThat(PahoPauses.isLooking(stack("java.lang.Thread.sleep"))).isFalse();
        assertThat(PahoPauses.isLooking(stack())).isFalse();
    }

    @Test
    void whatStoppingThrowsReachesTheCaller() {
        assertThatThrownBy(() -> PahoPauses.during(() -> {
                    throw new IllegalStateException("on purpose");
                }))
                .hasRootCauseMessage("on purpose");
    }
}
