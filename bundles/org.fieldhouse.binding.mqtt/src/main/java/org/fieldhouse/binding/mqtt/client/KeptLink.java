package org.fieldhouse.binding.mqtt.client;

import java.net.Socket;

/**
 * A connection between two clients: its socket, and where in the stream of packets it is. The broker does not notice that one client
 * went and another came; there is no new CONNECT.
 *
 * @param socket plain or TLS, of the JDK's own classes
 * @param connack the packet with which the broker took the connection; the next client is shown it again
 * @param rest bytes that were read from the socket and belong to packets that nobody has seen
 */
public record KeptLink(Socket socket, byte[] connack, byte[] rest) {}
