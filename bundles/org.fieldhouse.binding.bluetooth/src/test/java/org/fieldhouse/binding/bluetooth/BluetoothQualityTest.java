package org.fieldhouse.binding.bluetooth;

import org.fieldhouse.testkit.QualityContract;

/** What the README claims. */
class BluetoothQualityTest extends QualityContract {}
