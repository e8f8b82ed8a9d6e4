package org.fieldhouse.features;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.osgi.service.metatype.annotations.Option;

/** Where features come from, and how long a change may take to become healthy. */
@ObjectClassDefinition(name = "Fieldhouse features")
@interface FeaturesSettings {
    @AttributeDefinition(
            name = "Repositories",
            description =
                    "More repositories in Maven layout, asked after the distribution's own in this order, those without network"
                            + " first: paths of folders, or URLs (file, http, https).")
    String[] repositories() default {};

    @AttributeDefinition(
            name = "Vetting",
            description =
                    "Names of vetting steps without which nothing is let in. The feature core names those that it brings.")
    String[] vetting() default {};

    @AttributeDefinition(
            name = "Health limit",
            description = "Milliseconds that a change has to become healthy before it is taken back.",
            min = "100",
            max = "600000")
    int healthMillis() default 10_000;

    @AttributeDefinition(
            name = "Deploy poll",
            description = "Milliseconds between two looks at the deploy folder; 0 for never.",
            min = "0",
            max = "600000")
    int deployMillis() default 300;

    @AttributeDefinition(
            name = "Trial",
            description =
                    "What is started once in a process of its own before it is let into the house: `unsigned`, what no trusted key"
                            + " has signed; `foreign`, what did not come with the distribution; `nobody`.",
            options = {@Option(value = "unsigned"), @Option(value = "foreign"), @Option(value = "nobody")})
    String trial() default "unsigned";
}
