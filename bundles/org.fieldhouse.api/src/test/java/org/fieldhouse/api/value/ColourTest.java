package org.fieldhouse.api.value;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ColourTest {
    @ParameterizedTest
    @ValueSource(ints = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0xffa500})
    void goesThroughTheChromaticityDiagramAndBack(int rgb) {
        int back = Colour.ofRgb(rgb).toRgb();
        for (int shift : new int[] {0, 8, 16}) {
            assertThat(back >> shift & 0xff).isCloseTo(rgb >> shift & 0xff, org.assertj.core.api.Assertions.within(2));
        }
    }
}
