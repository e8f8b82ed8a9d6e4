package org.fieldhouse.binding.mqtt;

import org.fieldhouse.testkit.QualityContract;

/** What the README claims. */
class MqttQualityTest extends QualityContract {}
