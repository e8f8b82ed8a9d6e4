package org.fieldhouse.binding.mqtt.zigbee2mqtt;

import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DeviceContext;
import org.fieldhouse.api.binding.HandOver;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.binding.mqtt.BrokerDevice;

/** A Zigbee network with a connection to its broker of its own: one entry, where nothing else is wanted of that broker. */
public final class DirectZigbee2Mqtt extends Zigbee2MqttBridge implements Swappable {
    private final BrokerDevice connection;

    /** @param connection not opened */
    public DirectZigbee2Mqtt(String base, BrokerDevice connection) {
        super(base);
        this.connection = connection;
    }

    @Override
    public void open(DeviceContext context) throws BindingException, InterruptedException {
        connection.connect(context);
        start(context, connection);
    }

    @Override
    public void close() {
        super.close();
        connection.close();
    }

    @Override
    public void quiesce() {
        connection.quiesce();
    }

    @Override
    public HandOver handOver() throws BindingException, InterruptedException {
        super.close();
        return connection.handOver();
    }

    @Override
    public boolean takeOver(DeviceContext context, HandOver left) throws BindingException, InterruptedException {
        if (!connection.resume(context, left)) {
            return false;
        }
        start(context, connection);
        return true;
    }
}
