package org.fieldhouse.launcher;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.FixedWindowRollingPolicy;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.ContextAwareBase;
import ch.qos.logback.core.util.FileSize;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.slf4j.Logger;

/**
 * Logging without logback's XML, whose parser alone costs a tenth of the boot. Levels come from
 * {@code <home>/config/logging.properties} ({@code root=INFO}, {@code org.fieldhouse.rules=DEBUG}); its key
 * {@code file} adds a log file in {@code data/log}, 5 × 10 MB. Whoever needs more names an XML file with
 * {@code -Dlogback.configurationFile}.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
    private static final int OLD_FILES = 4;

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        if (System.getProperty("logback.configurationFile") != null) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        ch.qos.logback.classic.Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        // Each of these tells a dozen lines of its own life at each start.
        for (String talkative : new String[] {
            "org.eclipse.jetty", "org.apache.felix", "org.apache.activemq", "org.freedesktop", "LogService"
        }) {
            context.getLogger(talkative).setLevel(Level.WARN);
        }
        // What the framework itself has to say, the launcher says, without the stack of the framework.
        context.getLogger("Events").setLevel(Level.OFF);
        // It warns at each subscription that nobody set up a dead letter queue.
        context.getLogger("org.apache.activemq.artemis.core.server").setLevel(Level.ERROR);
        // It prints a stack trace for each client that goes while it stops (AMQ834001).
        context.getLogger("org.apache.activemq.artemis.core.protocol.mqtt").setLevel(Level.OFF);
        Properties settings = settings();
        if (Boolean.getBoolean("fieldhouse.terminal")) {
            // The terminal belongs to the shell.
            settings.putIfAbsent("file", "fieldhouse.log");
        } else {
            root.addAppender(started(context, new ConsoleAppender<>(), "console"));
        }
        for (String key : settings.stringPropertyNames()) {
            if (!key.equals("file")) {
                String logger = key.equals("root") ? Logger.ROOT_LOGGER_NAME : key;
                context.getLogger(logger).setLevel(Level.toLevel(settings.getProperty(key), Level.INFO));
            }
        }
        String file = settings.getProperty("file");
        if (file != null) {
            root.addAppender(file(context, home().resolve("data/log").resolve(file)));
        }
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    private Properties settings() {
        Properties settings = new Properties();
        Path file = home().resolve("config/logging.properties");
        if (Files.exists(file)) {
            try (Reader reader = Files.newBufferedReader(file)) {
                settings.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                addError("cannot read " + file, e);
            }
        }
        return settings;
    }

    private static Path home() {
        return Path.of(System.getProperty("fieldhouse.home", "run"));
    }

    private static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Path file) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setFile(file.toString());
        FixedWindowRollingPolicy rolling = new FixedWindowRollingPolicy();
        rolling.setContext(context);
        rolling.setParent(appender);
        rolling.setFileNamePattern(file + ".%i");
        rolling.setMaxIndex(OLD_FILES);
        rolling.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(FileSize.valueOf("10MB"));
        size.start();
        appender.setRollingPolicy(rolling);
        appender.setTriggeringPolicy(size);
        return started(context, appender, "file");
    }

    private static <A extends OutputStreamAppender<ILoggingEvent>> A started(
            LoggerContext context, A appender, String name) {
        LineLayout layout = new LineLayout();
        layout.setContext(context);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder);
        appender.addFilter(new ContainersEvents());
        appender.start();
        return appender;
    }
}
