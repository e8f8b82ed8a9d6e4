package org.example.acme;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.testkit.BindingContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** The contract that every binding keeps. */
class AcmeContractTest extends BindingContract {
    private AcmeSimulator machine;

    @BeforeEach
    void start() throws IOException {
        machine = new AcmeSimulator();
    }

    @AfterEach
    void stop() throws IOException {
        machine.close();
    }

    @Override
    protected Binding binding() {
        return new AcmeBinding(Duration.ofSeconds(30));
    }

    @Override
    protected List<Example> examples() {
        return List.of(new Example("fan", Map.of("host", "127.0.0.1", "port", machine.port())));
    }

    @Override
    protected List<Example> unreachable() {
        return List.of(new Example("fan", Map.of("host", "127.0.0.1", "port", 1L)));
    }

    @Override
    protected boolean sendGarbage(Example example) throws IOException {
        machine.say("speed 400\n\u0000\u0001\nspeed 40\n");
        return true;
    }
}
