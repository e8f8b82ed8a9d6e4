package org.fieldhouse.binding.mqtt.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.config.Secret;
import org.jspecify.annotations.Nullable;

/** Keys and certificates from files. */
final class Tls {
    /** PKCS #8 header of an RSA key (RFC 5958, RFC 8017): version 0 and the algorithm identifier rsaEncryption with NULL. */
    private static final byte[] RSA_HEADER = {
        0x02,
        0x01,
        0x00,
        0x30,
        0x0d,
        0x06,
        0x09,
        0x2a,
        (byte) 0x86,
        0x48,
        (byte) 0x86,
        (byte) 0xf7,
        0x0d,
        0x01,
        0x01,
        0x01,
        0x05,
        0x00
    };

    private Tls() {}

    /** @throws BindingException permanent, if a file cannot be used; it names the file */
    static SSLSocketFactory sockets(TlsSettings settings) throws BindingException {
        TrustManager @Nullable [] trust = settings.ca().isEmpty() ? null : trust(settings.ca());
        KeyManager @Nullable [] keys = keys(settings);
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException e) {
            throw BindingException.permanent("TLS cannot be set up: " + e.getMessage());
        }
    }

    private static TrustManager[] trust(String file) throws BindingException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = empty();
            int n = 0;
            for (Certificate c : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("ca" + n++, c);
            }
            if (n == 0) {
                throw BindingException.permanent("'ca' file " + file + " has no certificate (PEM)");
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init(store);
            return factory.getTrustManagers();
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("ca", file, e);
        }
    }

    private static KeyManager @Nullable [] keys(TlsSettings settings) throws BindingException {
        if (!settings.keystore().isEmpty()) {
            char[] password =
                    settings.keystorePassword().map(Secret::reveal).orElse("").toCharArray();
            try (InputStream in = Files.newInputStream(Path.of(settings.keystore()))) {
                KeyStore store = KeyStore.getInstance("PKCS12");
                store.load(in, password);
                return managers(store, password);
            } catch (IOException | GeneralSecurityException e) {
                throw unusable("keystore", settings.keystore(), e);
            }
        }
        if (settings.certificate().isEmpty()) {
            return null;
        }
        Certificate[] chain;
        try (InputStream in = Files.newInputStream(Path.of(settings.certificate()))) {
            Collection<? extends Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(in);
            chain = found.toArray(new Certificate[0]);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("cert", settings.certificate(), e);
        }
        try {
            PrivateKey key = privateKey(Files.readString(Path.of(settings.key()), StandardCharsets.ISO_8859_1));
            if (chain.length == 0) {
                throw BindingException.permanent("'cert' file " + settings.certificate() + " has no certificate (PEM)");
            }
            if (!fits(key, chain[0].getPublicKey())) {
                throw BindingException.permanent("tls.key: " + settings.key() + " is not the key of the certificate in "
                        + settings.certificate());
            }
            KeyStore store = empty();
            store.setKeyEntry("client", key, new char[0], chain);
            return managers(store, new char[0]);
        } catch (IOException | GeneralSecurityException e) {
            throw unusable("key", settings.key(), e);
        }
    }

    /** Whether what one signs the other takes; a broker would say no more than {@code decrypt_error}. */
    private static boolean fits(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        byte[] sample = {1};
        Signature signature = Signature.getInstance(
                switch (key.getAlgorithm()) {
                    case "RSA" -> "SHA256withRSA";
                    case "EC" -> "SHA256withECDSA";
                    default -> "EdDSA";
                });
        signature.initSign(key);
        signature.update(sample);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(sample);
        return signature.verify(signed);
    }

    private static KeyManager[] managers(KeyStore store, char[] password) throws GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, password);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null); // a new one
        return store;
    }

    private static PrivateKey privateKey(String pem) throws GeneralSecurityException {
        byte[] pkcs8 = section(pem, "PRIVATE KEY");
        byte[] pkcs1 = section(pem, "RSA PRIVATE KEY");
        if (pkcs8 == null && pkcs1 != null) {
            byte[] key = der(0x04, pkcs1);
            byte[] body = new byte[RSA_HEADER.length + key.length];
            System.arraycopy(RSA_HEADER, 0, body, 0, RSA_HEADER.length);
            System.arraycopy(key, 0, body, RSA_HEADER.length, key.length);
            pkcs8 = der(0x30, body);
        }
        if (pkcs8 == null) {
            throw new InvalidKeySpecException("no 'BEGIN PRIVATE KEY' in it; convert the key with"
                    + " 'openssl pkcs8 -topk8 -nocrypt -in old.key -out new.key'");
        }
        for (String algorithm : new String[] {"RSA", "EC", "EdDSA"}) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
            } catch (InvalidKeySpecException e) {
                continue; // a key of another algorithm
            }
        }
        throw new InvalidKeySpecException("neither an RSA nor an EC nor an Ed25519 key");
    }

    private static byte @Nullable [] section(String pem, String label) throws InvalidKeySpecException {
        String begin = "-----BEGIN " + label + "-----";
        int from = pem.indexOf(begin);
        int to = pem.indexOf("-----END " + label + "-----");
        if (from < 0 || to < from) {
            return null;
        }
        try {
            return Base64.getMimeDecoder().decode(pem.substring(from + begin.length(), to));
        } catch (IllegalArgumentException e) {
            throw new InvalidKeySpecException("not Base64 between BEGIN and END", e);
        }
    }

    /** One DER element (X.690 section 8.1): tag, length, content. */
    private static byte[] der(int tag, byte[] content) {
        int lengthBytes = content.length < 0x80 ? 0 : content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
        byte[] out = new byte[2 + lengthBytes + content.length];
        out[0] = (byte) tag;
        out[1] = (byte) (lengthBytes == 0 ? content.length : 0x80 | lengthBytes);
        for (int i = 0; i < lengthBytes; i++) {
            out[2 + i] = (byte) (content.length >> 8 * (lengthBytes - 1 - i));
        }
        System.arraycopy(content, 0, out, 2 + lengthBytes, content.length);
        return out;
    }

    private static BindingException unusable(String setting, String file, Exception e) {
        String why = e instanceof java.nio.file.NoSuchFileException
                ? "there is no such file"
                : e instanceof java.nio.file.AccessDeniedException ? "it may not be read" : e.getMessage();
        return BindingException.permanent("tls." + setting + ": " + file + " cannot be used: " + why);
    }
}
