package org.example.acme;

import org.fieldhouse.testkit.QualityContract;

/** What the README claims. */
class AcmeQualityTest extends QualityContract {}
