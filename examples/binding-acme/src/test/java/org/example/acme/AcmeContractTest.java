package org.example.acme;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.testkit.BindingContract;
import org.fieldhouse.testkit.FakeSerialPorts;

/** The contract that every binding keeps. */
class AcmeContractTest extends BindingContract {
    private final FakeSerialPorts ports = new FakeSerialPorts("/dev/acme");

    @Override
    protected Binding binding() {
        return new AcmeBinding(ports, Duration.ofSeconds(30));
    }

    @Override
    protected List<Example> examples() {
        return List.of(new Example("fan", Map.of("port", "/dev/acme", "baud", 19_200L)));
    }

    @Override
    protected List<Example> unreachable() {
        return List.of(new Example("fan", Map.of("port", "/dev/none")));
    }

    @Override
    protected boolean sendGarbage(Example example) {
        ports.say("speed 400\n\u0000\u0001\nspeed 40\n");
        return true;
    }
}
