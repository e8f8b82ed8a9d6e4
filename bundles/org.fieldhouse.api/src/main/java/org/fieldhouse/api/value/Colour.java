package org.fieldhouse.api.value;

/**
 * A chromaticity in the CIE 1931 colour space. Brightness is a point of its own.
 *
 * @param x chromaticity x, 0 to 1
 * @param y chromaticity y, 0 (exclusive, where used as a divisor) to 1
 */
public record Colour(double x, double y) implements Value {
    public Colour {
        if (!(x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
            throw new IllegalArgumentException("chromaticity " + x + ", " + y + " is outside 0..1");
        }
    }

    /**
     * The chromaticity of an sRGB colour (IEC 61966-2-1, D65 white point).
     *
     * @param rgb 0xRRGGBB; black has no chromaticity and gives white
     */
    public static Colour ofRgb(int rgb) {
        double r = linear((rgb >> 16 & 0xff) / 255.0);
        double g = linear((rgb >> 8 & 0xff) / 255.0);
        double b = linear((rgb & 0xff) / 255.0);
        double cx = 0.4124 * r + 0.3576 * g + 0.1805 * b;
        double cy = 0.2126 * r + 0.7152 * g + 0.0722 * b;
        double cz = 0.0193 * r + 0.1192 * g + 0.9505 * b;
        double sum = cx + cy + cz;
        return sum == 0 ? new Colour(0.3127, 0.3290) : new Colour(cx / sum, cy / sum);
    }

    /** The brightest sRGB colour of this chromaticity as 0xRRGGBB, clipped to the gamut. */
    public int toRgb() {
        double div = Math.max(y, 1e-6);
        double cx = x / div;
        double cz = (1 - x - y) / div;
        double r = 3.2406 * cx - 1.5372 - 0.4986 * cz;
        double g = -0.9689 * cx + 1.8758 + 0.0415 * cz;
        double b = 0.0557 * cx - 0.2040 + 1.0570 * cz;
        double top = Math.max(1e-6, Math.max(r, Math.max(g, b)));
        return byteOf(r / top) << 16 | byteOf(g / top) << 8 | byteOf(b / top);
    }

    private static double linear(double c) {
        return c <= 0.04045 ? c / 12.92 : Math.pow((c + 0.055) / 1.055, 2.4);
    }

    private static int byteOf(double c) {
        double clipped = Math.max(0, Math.min(1, c));
        double gamma = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * Math.pow(clipped, 1 / 2.4) - 0.055;
        return (int) Math.round(gamma * 255);
    }

    @Override
    public ValueKind kind() {
        return ValueKind.COLOUR;
    }

    @Override
    public String toString() {
        return String.format("#%06x", toRgb());
    }
}
