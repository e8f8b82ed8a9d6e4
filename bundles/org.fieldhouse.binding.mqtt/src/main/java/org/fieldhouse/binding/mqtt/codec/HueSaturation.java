package org.fieldhouse.binding.mqtt.codec;

/** Hue 0 to 360 ° and saturation 0 to 100 % at full value, as in the HSV model of sRGB. */
public final class HueSaturation {
    private static final double SEXTANT = 60;

    private HueSaturation() {}

    public static int toRgb(double hue, double saturation) {
        double s = saturation / 100;
        int rgb = 0;
        for (int n : new int[] {5, 3, 1}) {
            double k = (n + hue / SEXTANT) % 6;
            double c = 1 - s * Math.max(0, Math.min(Math.min(k, 4 - k), 1));
            rgb = rgb << 8 | (int) Math.round(c * 255);
        }
        return rgb;
    }

    public static double[] ofRgb(int rgb) {
        double r = rgb >> 16 & 0xff;
        double g = rgb >> 8 & 0xff;
        double b = rgb & 0xff;
        double max = Math.max(r, Math.max(g, b));
        double span = max - Math.min(r, Math.min(g, b));
        if (span == 0) {
            return new double[] {0, 0};
        }
        double sextant = max == r ? (g - b) / span : max == g ? 2 + (b - r) / span : 4 + (r - g) / span;
        return new double[] {(sextant * SEXTANT + 360) % 360, span / max * 100};
    }
}
