package org.fieldhouse.webconsole.tab;

import org.apache.felix.webconsole.spi.BrandingPlugin;
import org.osgi.service.component.annotations.Component;

/** The house's name over the console, beside the sign of the project that made it. */
@Component(service = BrandingPlugin.class)
public final class Brand implements BrandingPlugin {
    private static final String LOGO = "/res/imgs/logo.png";

    @Override
    public String getBrandName() {
        return "Fieldhouse";
    }

    @Override
    public String getProductName() {
        return "Apache Felix";
    }

    @Override
    public String getProductURL() {
        return "https://felix.apache.org";
    }

    @Override
    public String getProductImage() {
        return LOGO;
    }

    @Override
    public String getVendorName() {
        return "The Apache Software Foundation";
    }

    @Override
    public String getVendorURL() {
        return "https://www.apache.org";
    }

    @Override
    public String getVendorImage() {
        return LOGO;
    }

    @Override
    public String getFavIcon() {
        return "/res/imgs/favicon.ico";
    }

    @Override
    public String getMainStyleSheet() {
        return "/res/ui/webconsole.css";
    }
}
