package org.fieldhouse.health;

import org.apache.felix.hc.api.FormattingResultLog;
import org.apache.felix.hc.api.HealthCheck;
import org.apache.felix.hc.api.Result;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The services that a feature promises are there; each feature brings its own factory configuration. */
@Component(
        configurationPid = "org.fieldhouse.health.services",
        configurationPolicy = ConfigurationPolicy.REQUIRE,
        property = {"hc.name=services", "hc.tags=fieldhouse"})
@Designate(ocd = RequiredServices.Config.class, factory = true)
public final class RequiredServices implements HealthCheck {
    @ObjectClassDefinition(name = "Health: required services")
    @interface Config {
        @AttributeDefinition(
                name = "Services",
                description = "Full names of the interfaces of services that must be there")
        String[] services();
    }

    private final BundleContext context;
    private final String[] services;

    @Activate
    public RequiredServices(BundleContext context, Config config) {
        this.context = context;
        services = config.services();
    }

    @Override
    public Result execute() {
        FormattingResultLog log = new FormattingResultLog();
        for (String service : services) {
            if (context.getServiceReference(service) == null) {
                log.critical("no service {}", service);
            }
        }
        return new Result(log);
    }
}
