package org.fieldhouse.shell;

import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.event.Cue;
import org.fieldhouse.api.rules.AlarmAct;
import org.fieldhouse.api.rules.AlarmInfo;
import org.fieldhouse.api.rules.RuleBook;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Shows the alarms of the rule files and acts on them. */
@Component(
        service = AlarmCommands.class,
        property = {
            "osgi.command.scope=fieldhouse",
            "osgi.command.function=alarms",
            "osgi.command.function=ack",
            "osgi.command.function=shelve",
            "osgi.command.function=unshelve",
            "osgi.command.function=suppress",
            "osgi.command.function=unsuppress",
            "osgi.command.function=outofservice",
            "osgi.command.function=inservice"
        })
public final class AlarmCommands {
    private static final int PATIENCE_SECONDS = 15;

    private final @Nullable RuleBook present;
    private final Clock clock;

    @Activate
    public AlarmCommands(
            @Reference(cardinality = ReferenceCardinality.OPTIONAL, policyOption = ReferencePolicyOption.GREEDY)
                    @Nullable
                    RuleBook book) {
        this(book, Clock.systemUTC());
    }

    AlarmCommands(@Nullable RuleBook book, Clock clock) {
        present = book;
        this.clock = clock;
    }

    /** A house may be run without rules. */
    private RuleBook book() {
        if (present == null) {
            throw new CommandFailure(RuleCommands.NO_RULES);
        }
        return present;
    }

    /** All alarms, the most urgent first. */
    public void alarms() {
        long now = Times.micros(clock.instant());
        Table table = new Table().row("ALARM", "PRIORITY", "STATE", "SINCE", "TEXT");
        for (AlarmInfo alarm : book().alarms()) {
            String state = alarm.state().replace('_', ' ')
                    + (alarm.shelvedUntilMicros() > 0 ? " for " + Times.age(alarm.shelvedUntilMicros() - now) : "");
            table.row(
                    alarm.name(),
                    alarm.priority(),
                    state,
                    alarm.raisedMicros() == 0 ? "" : Times.age(now - alarm.raisedMicros()),
                    alarm.active() ? alarm.text() : "");
        }
        System.out.println(table.isEmpty() ? "There are no alarms; declare them in rules/*.rules." : table);
    }

    /** {@code ack ALARM}. */
    public void ack(String alarm) {
        act(alarm, AlarmAct.ACKNOWLEDGE, null);
    }

    /** {@code shelve ALARM [TIME]}: {@code shelve TankHigh 30 min}; without a time for as long as the alarm allows. */
    public void shelve(String... words) {
        if (words.length == 0) {
            throw new CommandFailure("shelve ALARM [TIME]: shelve TankHigh 30 min");
        }
        String time = String.join(" ", Arrays.asList(words).subList(1, words.length));
        act(words[0], AlarmAct.SHELVE, time.isEmpty() ? null : Literals.duration(time));
    }

    /** {@code unshelve ALARM}. */
    public void unshelve(String alarm) {
        act(alarm, AlarmAct.UNSHELVE, null);
    }

    /** {@code suppress ALARM}: it means nothing while the plant is in this state. */
    public void suppress(String alarm) {
        act(alarm, AlarmAct.SUPPRESS, null);
    }

    /** {@code unsuppress ALARM}. */
    public void unsuppress(String alarm) {
        act(alarm, AlarmAct.UNSUPPRESS, null);
    }

    /** {@code outofservice ALARM}, for maintenance. */
    public void outofservice(String alarm) {
        act(alarm, AlarmAct.OUT_OF_SERVICE, null);
    }

    /** {@code inservice ALARM}. */
    public void inservice(String alarm) {
        act(alarm, AlarmAct.IN_SERVICE, null);
    }

    private void act(String alarm, AlarmAct act, @Nullable Duration duration) {
        List<String> names = book().alarms().stream().map(AlarmInfo::name).toList();
        if (!names.contains(alarm)) {
            throw new CommandFailure("there is no alarm " + alarm + Suggestions.didYouMean(alarm, names));
        }
        try {
            book().act(alarm, act, duration, Cue.user(Times.user()))
                    .toCompletableFuture()
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (IllegalArgumentException e) {
            throw new CommandFailure(String.valueOf(e.getMessage()));
        } catch (ExecutionException | TimeoutException e) {
            throw new CommandFailure("not done: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        System.out.println(alarm + ": " + act.name().toLowerCase(Locale.ROOT).replace('_', ' ') + ", recorded");
    }
}
