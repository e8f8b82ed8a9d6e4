package org.fieldhouse.demo.view;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.bus.Overflow;
import org.fieldhouse.api.bus.Subscription;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.demo.DemoHouseService;
import org.fieldhouse.demo.view.Sheet.Ink;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the live view to the terminal. Colours, if the script that started us says so ({@code -Dfieldhouse.color=true}); width from
 * {@code -Dfieldhouse.columns}.
 */
@Component(
        immediate = true,
        service = {})
public final class LiveViewComponent {
    private static final Logger LOG = LoggerFactory.getLogger(LiveViewComponent.class);
    private static final int CAPACITY = 8_192;
    private static final long FLUSH_MILLIS = 100;
    private static final long FOOTER_SECONDS = 10;
    private static final double MEBIBYTE = 1024.0 * 1024;
    /** The broker and the Zigbee network, which are there before any device. */
    private static final int BRIDGES = 2;
    /** The house is complete when nothing more has come during so many ticks. */
    private static final int STEADY = 5;
    /** How long the heading waits for the house to be complete. */
    private static final long HEADING_NANOS = 60_000_000_000L;

    private final House house;
    private final RuleBook rules;
    private final ConfigurationDirectory directory;
    private final DemoHouseService demo;
    private final String port;
    private final Sheet sheet;
    private final LiveView view;
    private final Subscription subscription;
    private final ScheduledExecutorService timer;
    private final long begun = System.nanoTime();
    private boolean headed;
    private long lastRuns;
    private long lastFooter = System.nanoTime();
    private int settled = -1;
    private int steady;

    @Activate
    public LiveViewComponent(
            BundleContext context,
            @Reference EventBus bus,
            @Reference Journal journal,
            @Reference House house,
            @Reference RuleBook rules,
            @Reference ConfigurationDirectory directory,
            @Reference DemoHouseService demo) {
        this.house = house;
        this.rules = rules;
        this.directory = directory;
        this.demo = demo;
        port = property(context, "org.osgi.service.http.port", "8484");
        boolean colours = Boolean.parseBoolean(property(context, "fieldhouse.color", "false"));
        int width = Math.max(60, Integer.parseInt(property(context, "fieldhouse.columns", "120")));
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        sheet = new Sheet(out, colours, width);
        view = new LiveView(
                sheet,
                new Wording(house),
                journal::event,
                (device, micros, part) -> demo.frames().before(device.replace('.', '/'), micros, part),
                System::nanoTime);
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "demo-view");
            thread.setDaemon(true);
            return thread;
        });
        sheet.say(Ink.FAINT, "The demo house is starting: broker, devices, rules …");
        sheet.gap();
        subscription = bus.subscribe("demo-view", Overflow.DROP_OLDEST, CAPACITY, view);
        timer.scheduleAtFixedRate(this::tick, FLUSH_MILLIS, FLUSH_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Deactivate
    public void stop() {
        timer.shutdownNow();
        subscription.close();
    }

    private static String property(BundleContext context, String name, String fallback) {
        String value = context.getProperty(name);
        return value == null || value.isEmpty() ? fallback : value;
    }

    private void tick() {
        try {
            if (!headed) {
                headed = heading();
                return;
            }
            view.flush();
            if (System.nanoTime() - lastFooter > TimeUnit.SECONDS.toNanos(FOOTER_SECONDS)) {
                footer();
            }
        } catch (RuntimeException e) {
            LOG.error("The live view stumbled", e);
        }
    }

    /** Waits until the devices have come and no more come. */
    private boolean heading() {
        int online = (int) house.model().devices().stream()
                .filter(d -> d.status().isOnline())
                .count();
        steady = online == settled ? steady + 1 : 0;
        settled = online;
        boolean ready = online > BRIDGES && steady >= STEADY && !rules.rules().isEmpty();
        if (!ready && System.nanoTime() - begun < HEADING_NANOS) {
            return false;
        }
        lastFooter = System.nanoTime();
        lastRuns = runs();
        view.begin(() -> heading(online));
        return true;
    }

    private void heading(int online) {
        long count =
                rules.rules().stream().filter(r -> !r.kind().equals("test")).count();
        String home = String.valueOf(directory.root());
        sheet.rule("Fieldhouse demo");
        sheet.say(
                Ink.PLAIN,
                "A simulated house and plant speak Zigbee2MQTT to the embedded broker at " + demo.url() + ".");
        sheet.say(
                Ink.BOLD,
                house.model().devices().size() + " devices (" + online + " online), " + count
                        + " declarations in the rule files act on them.");
        sheet.say(Ink.PLAIN, "  house      " + home);
        sheet.say(
                Ink.PLAIN,
                "  rules      edit a file in " + home + "/rules and save it: it is in force at once, or says why not");
        sheet.say(
                Ink.PLAIN,
                "  shell      ./fieldhouse shell --home " + home + "   (devices, watch, why Hall.Light, set …)");
        sheet.say(Ink.PLAIN, "  health     http://127.0.0.1:" + port + "/health");
        sheet.say(Ink.PLAIN, "  MQTT       mosquitto_sub " + options(demo.url()) + " -v -t '#'");
        sheet.say(Ink.PLAIN, "  stop       Ctrl-C");
        sheet.say(
                Ink.FAINT,
                "A block is one chain: the frame that came, the event it became, the rule, its commands, their end.");
        sheet.say(Ink.FAINT, "Times count from the frame; the simulated radio answers after 8 to 33 ms.");
        sheet.gap();
    }

    private static String options(String url) {
        int colon = url.lastIndexOf(':');
        return "-h " + url.substring(url.indexOf("//") + 2, colon) + " -p " + url.substring(colon + 1);
    }

    private long runs() {
        return rules.rules().stream().mapToLong(RuleInfo::runs).sum();
    }

    private void footer() {
        long now = System.nanoTime();
        double seconds = (now - lastFooter) / 1e9;
        lastFooter = now;
        List<RuleInfo> all = rules.rules();
        long runs = all.stream().mapToLong(RuleInfo::runs).sum();
        Tally.Sum sum = view.sum();
        Runtime memory = Runtime.getRuntime();
        String line = String.format(
                Locale.ROOT,
                "%.1f events/s · rules ran %d×, %d wait · commands %d ok, %d failed · %d dropped · heap %.0f of %.0f MB · it is %s",
                sum.events() / seconds,
                Math.max(0, runs - lastRuns),
                all.stream().mapToInt(RuleInfo::waiting).sum(),
                sum.ok(),
                sum.failed(),
                subscription.dropped(),
                (memory.totalMemory() - memory.freeMemory()) / MEBIBYTE,
                memory.maxMemory() / MEBIBYTE,
                demo.time());
        view.between(() -> {
            sheet.rule(line);
            sheet.gap();
        });
        lastRuns = runs;
    }
}
