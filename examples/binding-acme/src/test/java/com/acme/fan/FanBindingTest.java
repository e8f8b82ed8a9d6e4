package com.acme.fan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.testkit.BindingContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FanBindingTest extends BindingContract {
    private final List<Socket> fans = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread acceptor = new Thread(() -> {
            try {
                while (true) {
                    fans.add(server.accept());
                }
            } catch (IOException e) {
                // closed
            }
        });
        acceptor.setDaemon(true);
        acceptor.start();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Socket fan : fans) {
            fan.close();
        }
    }

    @Override
    protected Binding binding() {
        return new FanBinding();
    }

    @Override
    protected List<Example> examples() {
        return List.of(new Example("fan", Map.of("host", "127.0.0.1", "port", (long) server.getLocalPort())));
    }

    @Override
    protected List<Example> unreachable() {
        return List.of(new Example("fan", Map.of("host", "127.0.0.1", "port", 1L)));
    }

    @Override
    protected boolean sendGarbage(Example example) throws Exception {
        while (fans.isEmpty()) {
            Thread.onSpinWait();
        }
        OutputStream out = fans.get(fans.size() - 1).getOutputStream();
        out.write("speed 400\n\u0000\u0001\nspeed 40\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        return true;
    }

    @Test
    void readsWhatItWrites() {
        assertThat(FanCodec.decode(FanCodec.encode(40))).isEqualTo(new FanCodec.Line.Speed(40));
        assertThat(FanCodec.decode("speed 101")).isInstanceOf(FanCodec.Line.Corrupt.class);
        assertThat(FanCodec.decode("")).isInstanceOf(FanCodec.Line.Corrupt.class);
    }
}
