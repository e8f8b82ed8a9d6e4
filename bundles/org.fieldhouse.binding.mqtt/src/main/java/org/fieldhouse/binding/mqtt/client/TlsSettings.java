package org.fieldhouse.binding.mqtt.client;

import java.util.Optional;
import org.fieldhouse.api.config.Secret;

/**
 * How to encrypt. Files are paths; an empty one is none.
 *
 * @param ca certificates (PEM) of the authorities trusted; empty for those that the Java runtime trusts
 * @param certificate our own certificate with its chain (PEM)
 * @param key its private key (PEM, PKCS #8 or PKCS #1, not encrypted)
 * @param keystore our own certificate and key in one file (PKCS #12), instead of the two
 * @param keystorePassword of that file
 * @param verifyHost whether the broker's certificate has to name the host we connect to
 */
public record TlsSettings(
        String ca,
        String certificate,
        String key,
        String keystore,
        Optional<Secret> keystorePassword,
        boolean verifyHost) {}
