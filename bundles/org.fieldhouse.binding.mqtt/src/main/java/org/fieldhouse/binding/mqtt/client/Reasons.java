package org.fieldhouse.binding.mqtt.client;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.fieldhouse.api.binding.BindingException;
import org.jspecify.annotations.Nullable;

/** Why a connection failed, in words for a person, with the cure where there is one. */
final class Reasons {
    private Reasons() {}

    /** By the broker's answer to CONNECT: MQTT 3.1.1 section 3.2.2.3 or MQTT 5.0 section 3.2.2.2; null for other codes. */
    static @Nullable BindingException refused(int code, String address) {
        String who = "the broker at " + address;
        return switch (code) {
            case 1, 0x84 ->
                BindingException.permanent(
                        who + " does not speak this version of MQTT; set 'version: 3.1.1' or 'version: 5'");
            case 2, 0x85 -> BindingException.permanent(who + " refuses the client id; set another 'client-id'");
            case 3, 0x88 -> new BindingException(who + " says it is unavailable");
            case 4, 0x86 -> BindingException.permanent(who + " refuses user or password");
            case 5, 0x87 ->
                BindingException.permanent(
                        who + " refuses the log-in: check 'user', 'password' and the client certificate");
            case 0x89 -> new BindingException(who + " says it is busy");
            case 0x8a -> BindingException.permanent(who + " has banned this client");
            case 0x95 -> new BindingException(who + " finds a packet too large");
            case 0x97 -> new BindingException(who + " says its quota is exceeded");
            case 0x9f -> new BindingException(who + " limits the rate of connections");
            default -> null;
        };
    }

    /** By the exception that ended the attempt to connect. */
    static BindingException connecting(Throwable failure, LinkSettings settings) {
        String address = settings.address();
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof UnknownHostException) {
                return new BindingException("unknown host '" + settings.host() + "'", failure);
            }
            if (t instanceof ConnectException && !isTimeout(t)) {
                return new BindingException("nothing answers at " + address + ": connection refused", failure);
            }
            if (t instanceof NoRouteToHostException) {
                return new BindingException("no route to " + address, failure);
            }
            if (t instanceof SSLException || t instanceof CertificateException) {
                return new BindingException(tls(t, settings), failure);
            }
            if (t instanceof SocketTimeoutException || t instanceof TimeoutException || isTimeout(t)) {
                return new BindingException(
                        "no answer from " + address + " within "
                                + settings.connectTimeout().toSeconds() + " s",
                        failure);
            }
            if (t instanceof EOFException || t instanceof SocketException) {
                return new BindingException(
                        address + " closed the connection at once; "
                                + (settings.tls() == null
                                        ? "if that port wants TLS, add 'tls: {}'"
                                        : "does that port speak TLS?"),
                        failure);
            }
        }
        return new BindingException("cannot connect to " + address + ": " + text(failure), failure);
    }

    /** Why a connection that had worked is gone. */
    static String lost(@Nullable Throwable failure, String address) {
        for (Throwable t = failure; t != null; t = t.getCause()) {
            if (t instanceof EOFException) {
                return "the broker at " + address + " closed the connection";
            }
            if (t instanceof SocketException) {
                return "the connection to " + address + " broke: " + t.getMessage();
            }
        }
        return "the connection to " + address + " is lost" + (failure == null ? "" : ": " + text(failure));
    }

    private static String tls(Throwable failure, LinkSettings settings) {
        String who = "TLS with " + settings.address() + ": ";
        for (Throwable t = failure; t != null; t = t.getCause()) {
            String message = String.valueOf(t.getMessage());
            if (t instanceof CertificateExpiredException) {
                return who + "the broker's certificate has expired";
            }
            if (t instanceof CertPathValidatorException && message.contains("validity check")) {
                return who + "the broker's certificate is not valid today";
            }
            if (message.contains("unable to find valid certification path") || message.contains("trust anchor")) {
                return who + "the broker's certificate is not trusted; set 'tls.ca' to the file of its authority";
            }
            if (message.contains("subject alternative") || message.contains("No name matching")) {
                return who + "the certificate is not for '" + settings.host()
                        + "'; connect by a name it has, or set 'tls.verify-host: false'";
            }
            if (message.contains("certificate_required") || message.contains("bad_certificate")) {
                return who + "the broker wants a client certificate it trusts; set 'tls.cert' and 'tls.key'";
            }
            if (message.contains("plaintext connection") || message.contains("Unsupported or unrecognized")) {
                return who + "that port does not speak TLS; TLS is usually on 8883";
            }
        }
        return who + text(failure);
    }

    private static boolean isTimeout(Throwable t) {
        return String.valueOf(t.getMessage()).contains("timed out");
    }

    private static String text(Throwable t) {
        Throwable deepest = t;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        String message = deepest.getMessage();
        return message == null || message.isBlank() ? deepest.getClass().getSimpleName() : message;
    }
}
