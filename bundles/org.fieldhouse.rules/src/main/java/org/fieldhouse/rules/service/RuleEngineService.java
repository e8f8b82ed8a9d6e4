package org.fieldhouse.rules.service;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.fieldhouse.api.binding.DirectLinks;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.config.ConfigurationDirectory;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.FunctionSpec;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.rules.AlarmInfo;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleFunction;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.rules.TestReport;
import org.fieldhouse.api.rules.Uplink;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.CheckedProgram;
import org.fieldhouse.rules.engine.AlarmFacts;
import org.fieldhouse.rules.engine.AlarmStanding;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.test.Coverage;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The rules in the container: gives meaning to {@code rules/*.rules}, and shows what they do. */
@Component(
        service = {RuleBook.class, ConfigurationParticipant.class},
        configurationPid = "org.fieldhouse.rules",
        immediate = true)
@Designate(ocd = RulesConfig.class)
public final class RuleEngineService implements RuleBook, ConfigurationParticipant {
    private static final Logger LOG = LoggerFactory.getLogger(RuleEngineService.class);

    private final Driver driver;
    private final FunctionRegistry functions = new FunctionRegistry();
    private final FunctionCalls calls;
    private final Linker linker;
    private final Uploads uploads;
    private final EventBus bus;
    private final Explainer explainer;
    private final Calendar.Place place;
    private final boolean failingTestsWarn;

    /** Fingerprint of what was tested last, and what its tests said: devices that describe themselves ask for the same again and again. */
    private String lastTested = "";

    private List<Problem> lastTestProblems = List.of();
    private volatile boolean started;
    private final ExecutorService reloading = Executors.newSingleThreadExecutor(task -> {
        Thread thread = new Thread(task, "fieldhouse-rules-functions");
        thread.setDaemon(true);
        return thread;
    });

    @Activate
    public RuleEngineService(
            @Reference EventBus bus,
            @Reference CommandRouter router,
            @Reference Journal journal,
            @Reference House house,
            RulesConfig config) {
        this.bus = bus;
        this.place = place(config);
        this.failingTestsWarn = config.failingTestsWarn();
        this.calls = new FunctionCalls(bus, functions);
        this.linker = new Linker(bus, () -> directLinks);
        this.uploads = new Uploads(bus, journal, Clock.systemUTC());
        this.driver = new Driver(
                new Driver.Services(bus, router, journal, house),
                new Driver.Settings(place, config.snapshotSeconds(), config.snapshotEvents(), config.capacity()),
                new Driver.Helpers(functions, calls, linker, uploads));
        this.explainer = new Explainer(driver, journal, house, place, functions);
    }

    /** After the functions that are there already are known. */
    @Activate
    public void start() {
        driver.start();
        started = true;
    }

    // ---- what other bundles bring

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    @Nullable
    volatile DirectLinks directLinks;

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    @Nullable
    volatile ConfigurationDirectory directory;

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addFunction(RuleFunction function) {
        if (functions.add(function) && started) {
            driver.functionsChanged();
            FunctionSpec spec = function.spec();
            if (!spec.equals(driver.running().model().function(spec.name()).orElse(null))) {
                reload();
            }
        }
    }

    public void removeFunction(RuleFunction function) {
        functions.remove(function);
        if (started) {
            try {
                driver.functionsChanged();
            } catch (RuntimeException e) {
                LOG.debug("the house is being stopped: {}", e.toString());
            }
        }
    }

    @Reference(cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    public void addUplink(Uplink uplink) {
        uploads.add(uplink);
    }

    public void removeUplink(Uplink uplink) {
        uploads.remove(uplink);
    }

    /** Rule files may mean something else now, or something at all. */
    private void reload() {
        try {
            reloading.execute(() -> {
                ConfigurationDirectory files = directory;
                if (files != null) {
                    files.reload();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("stopped");
        }
    }

    private static Calendar.Place place(RulesConfig config) {
        Set<LocalDate> holidays = new HashSet<>();
        for (String day : config.holidays()) {
            try {
                holidays.add(LocalDate.parse(day.strip()));
            } catch (DateTimeException e) {
                LOG.warn("Holiday '{}' is no date such as 2026-12-25; left out", day);
            }
        }
        ZoneId zone = ZoneId.systemDefault();
        try {
            zone = config.zone().isBlank() ? zone : ZoneId.of(config.zone());
        } catch (DateTimeException e) {
            LOG.warn("Time zone '{}' is unknown; {} is used", config.zone(), zone);
        }
        return new Calendar.Place(zone, config.latitude(), config.longitude(), holidays);
    }

    @Deactivate
    public void stop() {
        started = false;
        reloading.shutdownNow();
        driver.stop();
        uploads.close();
        linker.close();
        calls.close();
    }

    // ---- configuration
    // -------------------------------------------------------------------------------------------------

    @Override
    public String pattern() {
        return "rules/*.rules";
    }

    @Override
    public List<String> patterns() {
        return List.of(pattern(), "rules/*.ics");
    }

    @Override
    public Prepared prepare(List<SourceFile> files, HouseModel model) {
        long begun = System.nanoTime();
        Compiled.Draft draft = Compiled.draft(files, model.withFunctions(functions.specs()), driver.lastCheck());
        Compiled compiled = draft.compiled();
        long checked = System.nanoTime();
        List<Problem> problems = new ArrayList<>(compiled.problems());
        if (compiled.isClean()) {
            problems.addAll(test(draft));
        }
        LOG.debug(
                "Rules checked in {} µs, tested in {}", (checked - begun) / 1000, (System.nanoTime() - checked) / 1000);
        return new Prepared() {
            @Override
            public List<Problem> problems() {
                return List.copyOf(problems);
            }

            @Override
            public void activate(long generation) {
                driver.activate(compiled);
            }
        };
    }

    private synchronized List<Problem> test(Compiled.Draft draft) {
        Compiled compiled = draft.compiled();
        if (compiled.fingerprint().equals(lastTested)) {
            return lastTestProblems;
        }
        List<Problem> problems = new ArrayList<>();
        for (TestResult result : TestRunner.run(draft.lowering(), place, null).results()) {
            for (TestResult.Failure failure : result.failures()) {
                String text = result.message(failure);
                problems.add(
                        failingTestsWarn
                                ? Problem.warning("E601", failure.place(), text)
                                : Problem.error("E601", failure.place(), text));
            }
        }
        lastTested = compiled.fingerprint();
        lastTestProblems = List.copyOf(problems);
        return lastTestProblems;
    }

    // ---- the book
    // ------------------------------------------------------------------------------------------------------

    @Override
    public List<RuleInfo> rules() {
        return driver.look(engine -> {
            List<RuleInfo> all = new ArrayList<>();
            for (Standing each : engine.standings()) {
                all.add(new RuleInfo(
                        each.head().kind(),
                        each.head().name(),
                        new SourceSpan(each.head().file(), each.head().line(), 1, 0),
                        each.runs(),
                        each.lastSequence(),
                        each.waiting(),
                        detail(each)));
            }
            return List.copyOf(all);
        });
    }

    private String detail(Standing standing) {
        String name = standing.head().name();
        String to =
                standing.head().kind().equals("upload") ? uploads.standing(name.substring(0, name.indexOf(':'))) : "";
        return to.isEmpty() || standing.detail().isEmpty() ? standing.detail() + to : standing.detail() + "; " + to;
    }

    @Override
    public List<AlarmInfo> alarms() {
        List<AlarmStanding> all = new ArrayList<>(driver.look(engine -> engine.alarms(micros())));
        all.sort(Comparator.comparing(AlarmStanding::priority)
                .thenComparing(each -> each.head().name()));
        return all.stream().map(RuleEngineService::info).toList();
    }

    @Override
    public List<FunctionSpec> functions() {
        return functions.specs();
    }

    private static long micros() {
        return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis());
    }

    private static AlarmInfo info(AlarmStanding alarm) {
        return new AlarmInfo(
                alarm.head().name(),
                new SourceSpan(alarm.head().file(), alarm.head().line(), 1, 0),
                alarm.state(),
                alarm.priority().name().toLowerCase(Locale.ROOT),
                alarm.active(),
                alarm.raised(),
                alarm.shelvedUntil(),
                alarm.text());
    }

    @Override
    public CompletionStage<Event> act(String alarm, AlarmAct act, @Nullable Duration duration, Cue cue) {
        List<AlarmStanding> all = driver.look(engine -> engine.alarms(micros()));
        AlarmStanding now = all.stream()
                .filter(each -> each.head().name().equals(alarm))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no alarm " + alarm));
        Operating.check(now, act, duration);
        long micros = duration == null ? 0 : duration.toNanos() / 1000;
        return bus.publish(AlarmFacts.act(alarm, act, micros), cue);
    }

    @Override
    public TestReport test() {
        CheckedProgram checked = driver.running().checked();
        Coverage coverage = new Coverage();
        TestRunner.Run run = TestRunner.run(checked, place, coverage);
        List<TestReport.Outcome> outcomes = new ArrayList<>();
        for (TestResult each : run.results()) {
            List<String> failures =
                    each.failures().stream().map(Object::toString).toList();
            outcomes.add(new TestReport.Outcome(each.name(), each.place(), failures));
        }
        return new TestReport(outcomes, coverage.report(checked, run.program()));
    }

    @Override
    public Explanation why(PointId point) {
        return explainer.why(point);
    }

    @Override
    public Explanation why(long command) {
        return explainer.why(command);
    }

    @Override
    public ZoneId zone() {
        return place.zone();
    }

    @Override
    public Explanation whyNot(String rule, Instant time) {
        return explainer.whyNot(rule, time);
    }

    @Override
    public CompletionStage<Event> setVariable(String name, Value value, Cue cue) {
        Source.OfVariable variable = driver.look(engine -> variable(engine, name));
        if (variable == null) {
            throw new IllegalArgumentException("there is no variable " + name);
        }
        Value after = variable.spec().normalize(value);
        return bus.publish(new Fact.VariableChanged(name, driver.variable(name), after), cue);
    }

    private static Source.@Nullable OfVariable variable(Engine engine, String name) {
        for (Source source : engine.program().sources()) {
            if (source instanceof Source.OfVariable variable && variable.name().equals(name)) {
                return variable;
            }
        }
        return null;
    }
}
