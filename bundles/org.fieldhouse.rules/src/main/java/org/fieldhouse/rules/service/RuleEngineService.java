package org.fieldhouse.rules.service;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.config.ConfigurationParticipant;
import org.fieldhouse.api.config.Problem;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.event.Event;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.model.PointId;
import org.fieldhouse.api.rules.RuleBook;
import org.fieldhouse.api.rules.RuleInfo;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.ParseCache;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.program.Calendar;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.test.TestResult;
import org.fieldhouse.rules.test.TestRunner;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
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
    private final EventBus bus;
    private final Explainer explainer;
    private final Calendar.Place place;
    private final boolean failingTestsWarn;

    /** What was checked last, and what its tests said: devices that describe themselves ask for the same again and again. */
    private Compiled lastTested = Compiled.NONE;

    private List<Problem> lastTestProblems = List.of();
    private final ParseCache parses = new ParseCache();

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
        this.driver = new Driver(
                new Driver.Services(bus, router, journal, house),
                new Driver.Settings(place, config.snapshotSeconds(), config.snapshotEvents(), config.capacity()));
        this.explainer = new Explainer(driver, journal, house, place);
        driver.start();
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
        driver.stop();
    }

    // ---- configuration
    // -------------------------------------------------------------------------------------------------

    @Override
    public String pattern() {
        return "rules/*.rules";
    }

    @Override
    public Prepared prepare(List<SourceFile> files, HouseModel model) {
        Compiled compiled = Compiled.of(files, model, parses);
        List<Problem> problems = new ArrayList<>(compiled.problems());
        if (compiled.isClean()) {
            problems.addAll(test(compiled));
        }
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

    private synchronized List<Problem> test(Compiled compiled) {
        if (compiled.fingerprint().equals(lastTested.fingerprint())) {
            return lastTestProblems;
        }
        List<Problem> problems = new ArrayList<>();
        for (TestResult result : TestRunner.run(compiled.checked(), place)) {
            for (TestResult.Failure failure : result.failures()) {
                String text = "test \"" + result.name() + "\" failed: expected " + failure.expected() + ", but "
                        + failure.actual();
                problems.add(
                        failingTestsWarn
                                ? Problem.warning("E601", failure.place(), text)
                                : Problem.error("E601", failure.place(), text));
            }
        }
        lastTested = compiled;
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
                        each.detail()));
            }
            return List.copyOf(all);
        });
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
