package org.fieldhouse.runtime.host;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;
import org.fieldhouse.api.binding.Binding;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.Device;
import org.fieldhouse.api.binding.DeviceConfig;
import org.fieldhouse.api.binding.LinkCapable;
import org.fieldhouse.api.binding.Swappable;
import org.fieldhouse.api.command.Command;
import org.fieldhouse.api.config.Settings;
import org.fieldhouse.api.config.SettingsException;
import org.fieldhouse.api.event.Cause;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceDescription;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Status;
import org.fieldhouse.api.model.Status.Condition;
import org.fieldhouse.runtime.bus.Mailbox;
import org.fieldhouse.runtime.command.CommandTarget;
import org.fieldhouse.runtime.config.DeviceEntry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One device in the house, and its way between closed and open. Whatever happens (its entry or its binding changes, its bridge
 * comes or goes, the connection is lost) only {@link #poke pokes} it; on its lane it then compares what should be with what is,
 * and takes the next step. So no order of events can leave it half open, and {@code open}, {@code handle}, {@code close} never
 * overlap.
 *
 * <p>Long, because the steps, the reasons for them and the status that follows are one argument, which is read from top to bottom.
 *
 * <p>Fields marked "lane" belong to the lane. The monitor guards status and description, and is never held while calling out.
 */
final class HostedDevice implements CommandTarget {
    private static final Logger LOG = LoggerFactory.getLogger(HostedDevice.class);
    private static final Pattern CONTROL = Pattern.compile("\\p{Cc}");
    private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    private static final Duration LAST_RETRY = Duration.ofMinutes(5);
    /** Open for so long, and the next loss begins with the first retry again. */
    private static final long STABLE_NANOS = TimeUnit.MINUTES.toNanos(1);
    /** What was left for the next version is kept no longer than an update and its way back may take. */
    private static final Duration LUGGAGE_LIMIT = Duration.ofSeconds(30);
    /** How the reason begins when a binding threw what it must not. */
    private static final String THREW = "its binding failed: ";
    /** A bridge waits for its children to close, but not for ever. */
    private static final Duration CHILDREN_LIMIT = Duration.ofSeconds(10);

    private final DeviceHost host;
    private final DeviceId id;
    private final Mailbox mailbox;
    private final Cause cause;
    private final DeviceCounters counters = new DeviceCounters();
    private final Backoff backoff = new Backoff(
            FIRST_RETRY, LAST_RETRY, () -> ThreadLocalRandom.current().nextDouble());
    private final AtomicBoolean poked = new AtomicBoolean();
    private final Object childLock = new Object();

    private volatile DeviceEntry entry;
    private volatile @Nullable DeviceId bridge;
    private volatile Lane lane;
    private volatile Luggage luggage = new Luggage();
    private volatile @Nullable Opening opening;
    private volatile boolean removed;
    /** Its binding leaves: commands wait from now on, although it is still open. */
    private volatile boolean quiet;

    private volatile boolean faultMended;
    private volatile DeviceInfo info;

    /** Lane. */
    private @Nullable Device device;

    private @Nullable Binding madeBy;
    private @Nullable DeviceEntry madeOf;
    private @Nullable DeviceEntry faultyEntry;
    private @Nullable Binding faultyBinding;
    private long retryAtNanos;
    private long openedAtNanos;
    private long closingSinceNanos;
    private boolean waitsToRetry;
    private boolean tried;

    /** Guarded by childLock. */
    private int openChildren;

    private boolean closing;

    /** Guarded by this. What is known while it is not open. */
    private Status base = Status.CONNECTING;

    private @Nullable Status fromBridge;
    /** Guarded by this. It was online when its binding was replaced, and has not been since. */
    private boolean returning;

    private int returns;

    private volatile boolean firstTry = true;

    HostedDevice(DeviceHost host, DeviceEntry entry, @Nullable DeviceId bridge, DeviceDescription description) {
        this.host = host;
        this.id = entry.id();
        this.entry = entry;
        this.bridge = bridge;
        this.mailbox = host.ingress().mailbox(id);
        this.cause = Cause.device(id);
        this.lane = new Lane(host.pool());
        this.info = describe(entry, bridge, description, Status.CONNECTING);
    }

    private static DeviceInfo describe(
            DeviceEntry entry, @Nullable DeviceId bridge, DeviceDescription description, Status status) {
        return new DeviceInfo(
                entry.id(), entry.name(), entry.binding(), bridge, entry.area(), entry.tags(), description, status);
    }

    // ---- from the host

    /** The owner changed the entry. */
    void change(DeviceEntry newEntry, @Nullable DeviceId newBridge) {
        synchronized (this) {
            entry = newEntry;
            bridge = newBridge;
            info = describe(newEntry, newBridge, info.description(), info.status());
        }
        poke();
    }

    /** What made it faulty may be mended. */
    void retryFault() {
        if (info.status().condition() == Condition.FAULT) {
            faultMended = true;
            poke();
        }
    }

    /** Its binding is about to leave. Any thread. */
    void quiesce(Runnable done) {
        quiet = true;
        Opening now = opening;
        if (now == null || !now.opened || !(now.device instanceof Swappable leaving)) {
            done.run();
            return;
        }
        lane.execute(() -> {
            try {
                if (opening == now && now.lost == null) {
                    leaving.quiesce();
                }
            } catch (BindingException | InterruptedException e) {
                LOG.warn("{}: does not come to rest: {}", id, e.toString());
            } catch (RuntimeException | Error e) {
                failed("quiesce", e);
            } finally {
                done.run();
            }
        });
    }

    /** The owner took the entry out: closes for good. */
    void remove() {
        removed = true;
        poke();
    }

    /** Something that decides about being open may have changed. Any thread; cheap. */
    void poke() {
        if (poked.compareAndSet(false, true)) {
            lane.execute(this::reconcile);
        }
        Opening now = opening;
        if (now != null && !now.opened && reasonToClose(now) != null) {
            lane.interrupt();
        }
    }

    // ---- on the lane

    private void reconcile() {
        poked.set(false);
        try {
            step();
        } catch (RuntimeException | Error e) {
            LOG.error("{}: the host stumbled", id, e);
        }
    }

    private void step() {
        Opening now = opening;
        if (now != null) {
            Status why = reasonToClose(now);
            if (why == null) {
                return;
            }
            if (childrenStillOpen()) {
                return;
            }
            close(now, why);
        }
        if (removed || host.stopping()) {
            device = null;
            luggage.drop();
            host.closed(this, removed);
            return;
        }
        tryOpen();
    }

    /** The status that it has afterwards; null if it may stay open. */
    private @Nullable Status reasonToClose(Opening now) {
        String lost = now.lost;
        HostedDevice over = bridged();
        if (removed) {
            return Status.offline("removed");
        }
        if (host.stopping()) {
            return Status.offline("the runtime is stopped");
        }
        if (host.binding(entry.binding()) != now.binding) {
            return host.absence(entry.binding());
        }
        if (!now.entry.samePlant(entry)) {
            return new Status(Condition.UPDATING, "its entry was changed");
        }
        if (now.bridge != null && (over == null || !over.carries(now.bridge))) {
            return bridgeStatus(over);
        }
        return lost == null ? null : new Status(Condition.CONNECTING, lost);
    }

    private boolean childrenStillOpen() {
        synchronized (childLock) {
            if (!closing) {
                closing = true;
                closingSinceNanos = System.nanoTime();
            }
            if (openChildren == 0) {
                return false;
            }
        }
        if (System.nanoTime() - closingSinceNanos > CHILDREN_LIMIT.toNanos()) {
            LOG.warn("{}: closed although {} of its devices are not", id, openChildren);
            return false;
        }
        host.pokeChildren(id);
        host.scheduler().after(CHILDREN_LIMIT.plusMillis(100), this::poke);
        return true;
    }

    private void close(Opening now, Status next) {
        boolean fell = now.lost != null;
        if (fell || !leave(now)) {
            try {
                now.device.close();
            } catch (RuntimeException | Error e) {
                failed("close", e);
            }
        }
        release(now);
        if (fell) {
            counters.failure();
            if (System.nanoTime() - openedAtNanos > STABLE_NANOS) {
                backoff.reset();
            }
            retryLater();
        }
        synchronized (this) {
            returning = next.condition() == Condition.UPDATING
                    && (returning || info.status().isOnline());
        }
        base(next);
    }

    /** Lets the device leave something to the next version of its binding; false if it has to be closed. */
    private boolean leave(Opening now) {
        boolean returns = now.opened && !removed && !host.stopping() && host.returns(now.binding);
        if (!returns || !(now.device instanceof Swappable leaving)) {
            return false;
        }
        LOG.debug("{}: leaves", id);
        int ticket = luggage.pack(leaving, now.entry);
        if (ticket == 0) {
            return false;
        }
        host.scheduler().after(LUGGAGE_LIMIT, () -> lane.execute(() -> luggage.drop(ticket)));
        return true;
    }

    private void release(Opening now) {
        now.end();
        List<String> stuck = now.joinThreads();
        if (!stuck.isEmpty()) {
            LOG.warn("{}: threads {} ignore interruption; they go on without effect", id, stuck);
            host.leaked(stuck);
        }
        opening = null;
        quiet = false;
        synchronized (childLock) {
            closing = false;
        }
        HostedDevice over = bridged();
        if (now.bridge != null && over != null) {
            over.childClosed();
        }
    }

    private void retryLater() {
        Duration pause = backoff.next();
        retryAtNanos = System.nanoTime() + pause.toNanos();
        waitsToRetry = true;
        host.scheduler().after(pause, this::poke);
    }

    private void tryOpen() {
        Binding binding = host.binding(entry.binding());
        if (binding == null) {
            device = null;
            madeBy = null;
            faultyBinding = null;
            Status absence = host.absence(entry.binding());
            if (absence.condition() == Condition.OFFLINE) {
                luggage.drop();
            }
            base(absence);
            return;
        }
        if (!binding.types().contains(entry.type())) {
            base(Status.fault(host.unknownType(binding, entry.type())));
            return;
        }
        if (faultMended) {
            faultMended = false;
            faultyEntry = null;
            device = null;
        }
        if (faultyEntry != null && faultyEntry.samePlant(entry) && faultyBinding == binding) {
            return;
        }
        if (waitsToRetry && binding == madeBy && retryAtNanos - System.nanoTime() > 0) {
            return;
        }
        HostedDevice over = bridged();
        if (bridge != null && (over == null || !over.accepts())) {
            base(bridgeStatus(over));
            return;
        }
        if (!host.gate().enter(this)) {
            return;
        }
        try {
            Opening below = over == null ? null : over.enterChild();
            if (over != null && below == null) {
                base(bridgeStatus(over));
                return;
            }
            open(binding, below);
        } finally {
            host.gate().leave();
        }
    }

    private void open(Binding binding, @Nullable Opening below) {
        waitsToRetry = false;
        DeviceEntry made = entry;
        Device ready = create(binding, made);
        if (ready == null) {
            HostedDevice over = bridged();
            if (below != null && over != null) {
                over.childClosed();
            }
            return;
        }
        counters.opening();
        Opening now = new Opening(this, ready, binding, made, below);
        opening = now;
        if (!isOnItsWay()) {
            base(Status.CONNECTING);
        }
        Status failure = null;
        boolean permanent = false;
        try {
            LOG.debug("{}: opens", id);
            if (!luggage.open(ready, now)) {
                ready.open(now);
            }
            now.opened = true;
        } catch (BindingException e) {
            permanent = e.isPermanent();
            failure = permanent ? Status.fault(text(e)) : new Status(Condition.CONNECTING, text(e));
        } catch (InterruptedException e) {
            failure = new Status(Condition.CONNECTING, "it did not answer in time");
        } catch (RuntimeException | Error e) {
            failed("open", e);
            failure = new Status(Condition.CONNECTING, threw(e));
        }
        if (opening != now) {
            return; // written off meanwhile
        }
        firstTry = false;
        if (failure == null) {
            openedAtNanos = System.nanoTime();
            awaitReturn();
            refreshStatus();
            host.pokeChildren(id);
            if (now.lost != null || reasonToClose(now) != null) {
                poke();
            }
        } else {
            couldNot(now, failure, permanent ? made : null, binding);
        }
    }

    /** What is reached over a bridge or a broker may have to be heard of first; until then its commands wait, as for the update. */
    private synchronized void awaitReturn() {
        if (returning) {
            int number = ++returns; // the timer must not keep the opening, and so the binding
            host.scheduler().after(host.limits().update(), () -> {
                synchronized (this) {
                    returning &= returns != number;
                }
                refreshStatus();
            });
        }
    }

    private void couldNot(Opening now, Status failure, @Nullable DeviceEntry faulty, Binding binding) {
        counters.failure();
        // What a takeOver that threw was offered stays with the host; a close would close the transports with it.
        if (luggage.isEmpty()) {
            try {
                now.device.close();
            } catch (RuntimeException | Error e) {
                failed("close after a failed open", e);
            }
        }
        release(now);
        if (faulty != null) {
            faultyEntry = faulty;
            faultyBinding = binding;
        } else if (!removed && !host.stopping()) {
            retryLater();
        }
        base(failure);
        if (removed || host.stopping()) {
            poke();
        }
    }

    private @Nullable Device create(Binding binding, DeviceEntry from) {
        Device ready = device;
        if (ready != null && madeBy == binding && madeOf != null && madeOf.samePlant(from)) {
            return ready;
        }
        device = null;
        madeBy = binding;
        madeOf = from;
        faultyEntry = null;
        faultyBinding = null;
        try {
            ready = host.rehearsal().take(binding, from);
            if (ready == null) {
                Settings settings = new Settings(from.settings(), from.places(), host::secret);
                ready = binding.create(new DeviceConfig(id, from.name(), from.type(), bridge, settings));
                host.created(from, settings);
            }
            device = ready;
            return ready;
        } catch (SettingsException e) {
            host.refused(id, e);
            fault(from, binding, e.place() + ": " + e.getMessage());
        } catch (RuntimeException | Error e) {
            failed("create", e);
            fault(from, binding, threw(e));
        }
        return null;
    }

    private void fault(DeviceEntry from, Binding binding, String reason) {
        firstTry = false;
        faultyEntry = from;
        faultyBinding = binding;
        base(Status.fault(reason));
    }

    /** The reason when a binding threw what it must not. That a class could not be set up says nothing; what its set-up threw does. */
    static String threw(Throwable e) {
        Throwable cause = e.getCause();
        return THREW + (e instanceof ExceptionInInitializerError && cause != null ? cause : e);
    }

    private static String text(BindingException e) {
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    /**
     * Called by the host's watch: the lane has been in one task for too long and did not react to interruption. It gets another
     * lane; the thread is written off.
     */
    void abandon(Thread stuck) {
        Opening now = opening;
        boolean left = isChangingOver();
        host.pool().abandon(stuck);
        if (now != null) {
            WrittenOff.mark(stuck, now.binding, id);
            opening = null;
            now.end();
            synchronized (childLock) {
                closing = false;
                openChildren = 0;
            }
            HostedDevice over = bridged();
            if (now.bridge != null && over != null) {
                over.childClosed();
            }
        }
        luggage = luggage.takenAway();
        host.leaked(List.of(stuck.getName()));
        poked.set(false);
        lane = lane.successor(() -> {
            device = null;
            counters.failure();
            if (left) {
                base(host.absence(entry.binding()));
            } else {
                retryLater();
                base(new Status(
                        Condition.CONNECTING, "thread " + stuck.getName() + " is stuck in its binding; trying anew"));
            }
        });
        poke();
    }

    // ---- bridge and children

    private @Nullable HostedDevice bridged() {
        DeviceId over = bridge;
        return over == null ? null : host.device(over);
    }

    /** Whether children may be opened on it: a child of the next version cannot stand on a bridge of the one before. */
    private boolean accepts() {
        Opening now = opening;
        if (isChangingOver()) {
            return false;
        }
        synchronized (childLock) {
            return now != null && now.opened && !closing && now.lost == null && !removed;
        }
    }

    private boolean carries(Opening below) {
        synchronized (childLock) {
            return opening == below && !closing;
        }
    }

    /** Counts a child in; null if it cannot be opened now. */
    private @Nullable Opening enterChild() {
        synchronized (childLock) {
            if (!accepts()) {
                return null;
            }
            openChildren++;
            return opening;
        }
    }

    private void childClosed() {
        boolean last;
        synchronized (childLock) {
            openChildren = Math.max(0, openChildren - 1);
            last = openChildren == 0 && closing;
        }
        if (last) {
            poke();
        }
    }

    private static Status bridgeStatus(@Nullable HostedDevice over) {
        if (over == null) {
            return Status.offline("its bridge is not there");
        }
        Status status = over.info.status();
        Condition condition = over.isChangingOver() ? Condition.UPDATING : status.condition();
        return switch (condition) {
            case UPDATING -> new Status(Condition.UPDATING, "bridge " + over.info.name() + " is being updated");
            case CONNECTING, ONLINE ->
                over.firstTry
                        ? new Status(Condition.CONNECTING, "waits for bridge " + over.info.name())
                        : Status.offline("bridge " + over.info.name() + " is not connected");
            case OFFLINE -> Status.offline("bridge " + over.info.name() + " is offline");
            case FAULT -> Status.offline("bridge " + over.info.name() + " has a fault");
        };
    }

    // ---- status and description

    /** Trying again is no news; neither is opening after an update, and its commands still wait. */
    private synchronized boolean isOnItsWay() {
        return base.condition() == Condition.CONNECTING || base.condition() == Condition.UPDATING;
    }

    private void base(Status status) {
        synchronized (this) {
            base = status;
        }
        refreshStatus();
    }

    /** The bridge has heard of its condition. */
    void bridgeSays(Status status) {
        synchronized (this) {
            fromBridge = status;
        }
        refreshStatus();
    }

    /** Works the status out of what everybody says, and tells the house if it is another. */
    void refreshStatus() {
        Status before;
        Status after;
        synchronized (this) {
            before = info.status();
            after = effective();
            if (after.equals(before)) {
                return;
            }
            info = describe(entry, bridge, info.description(), after);
            host.modelChanged(); // before it is told: who hears of it may look at once
            mailbox.publish(new Fact.StatusChanged(id, before, after), Cause.RUNTIME);
            if (after.isOnline()) {
                returning = false;
                mailbox.online();
            } else if (isOff(before, after)) {
                mailbox.offline();
            }
        }
        log(before, after);
        host.commands().readinessChanged(id);
        if (before.condition() != after.condition()) {
            host.refreshChildren(id);
        }
    }

    /** While it is opened for the first time, or updated, what is known of its points still counts. */
    private static boolean isOff(Status before, Status after) {
        return switch (after.condition()) {
            case OFFLINE, FAULT -> true;
            case CONNECTING ->
                before.isOnline()
                        || !after.reason().isEmpty() && !after.reason().startsWith("waits for ");
            case UPDATING, ONLINE -> false;
        };
    }

    private Status effective() {
        Opening now = opening;
        if (now == null || !now.opened) {
            return base;
        }
        Status said = said(now);
        return returning && said.condition() == Condition.OFFLINE
                ? new Status(Condition.UPDATING, said.reason())
                : said;
    }

    /** By the device and by its bridge. */
    private Status said(Opening now) {
        HostedDevice over = bridged();
        if (over != null && !over.info.status().isOnline()) {
            return bridgeStatus(over);
        }
        if (!now.own.isOnline()) {
            return now.own;
        }
        Status said = fromBridge;
        return said != null && now.bridge != null ? said : now.own;
    }

    private void log(Status before, Status after) {
        if (host.stopping() || removed) {
            return;
        }
        boolean alone = bridge == null || !after.reason().startsWith("bridge ");
        if (after.isOnline()) {
            LOG.debug("{} is online", id);
            if (tried) {
                LOG.info("{} is back", who());
            }
            tried = false;
        } else if (alone && !after.reason().isEmpty() && !after.reason().equals(before.reason())) {
            if (after.reason().startsWith("waits for ")) {
                LOG.debug("{} {}", who(), after.reason()); // every start begins so
            } else if (!tried && after.condition() != Condition.UPDATING) {
                LOG.warn("{} is {}", who(), after);
                tried = true;
            }
        }
    }

    private String who() {
        String name = info.name();
        return name.equals(id.value()) ? name : name + " (" + id + ")";
    }

    void described(DeviceDescription description) {
        synchronized (this) {
            if (info.description().equals(description)) {
                return;
            }
            info = describe(entry, bridge, description, info.status());
            host.modelChanged();
            mailbox.publish(new Fact.DeviceDescribed(id, description), cause);
        }
        host.plantTold();
    }

    /** The text may have come from the wire: it is one line, and no terminal or log takes it for more than that. */
    void malformed(String what) {
        String line = CONTROL.matcher(what).replaceAll("�");
        counters.malformed(line);
        host.malformed(id, line);
    }

    /** A binding threw what it must not. */
    void failed(String where, Throwable e) {
        LOG.error("{}: {} let an exception through", id, where, e);
    }

    // ---- CommandTarget, and what the context needs

    @Override
    public DeviceInfo info() {
        return info;
    }

    @Override
    public Readiness readiness() {
        if (removed) {
            return Readiness.NO;
        }
        return switch (info.status().condition()) {
            case ONLINE -> quiet ? Readiness.SOON : Readiness.READY;
            case UPDATING -> Readiness.SOON;
            case CONNECTING -> firstTry ? Readiness.SOON : Readiness.NO;
            case OFFLINE, FAULT -> Readiness.NO;
        };
    }

    @Override
    public @Nullable Duration hold(String point) {
        return entry.hold(point);
    }

    @Override
    public Mailbox mailbox() {
        return mailbox;
    }

    @Override
    public void execute(Runnable task) {
        lane.execute(task);
    }

    @Override
    public void handle(Command command) throws BindingException, InterruptedException {
        Opening now = opening;
        if (now == null || !now.opened) {
            throw new BindingException(info.name() + " is not open");
        }
        now.device.handle(command);
    }

    /** The device, if it can command others itself. Lane. */
    LinkCapable linkCapable() throws BindingException {
        Opening now = opening;
        if (now == null || !now.opened || !info.status().isOnline()) {
            throw new BindingException(info.name() + " is not online");
        }
        if (now.device instanceof LinkCapable capable) {
            return capable;
        }
        throw new BindingException(info.name() + " cannot command another device itself");
    }

    void onLane(Runnable task) {
        lane.execute(task);
    }

    int tasksWaiting() {
        return lane.waiting();
    }

    Lane lane() {
        return lane;
    }

    DeviceId id() {
        return id;
    }

    DeviceHost host() {
        return host;
    }

    DeviceCounters counters() {
        return counters;
    }

    DeviceEntry entry() {
        return entry;
    }

    @Nullable
    DeviceId bridge() {
        return bridge;
    }

    String bridgeName() {
        HostedDevice over = bridged();
        return over == null ? "nothing" : over.info.name();
    }

    /** Whether it is still open with a binding that is not in force any more. */
    boolean isChangingOver() {
        Opening now = opening;
        return now != null && host.binding(entry.binding()) != now.binding;
    }

    boolean isOpenWith(Binding binding) {
        Opening now = opening;
        return now != null && now.binding == binding;
    }

    /** Why the version of its binding that is there now cannot be the right one; null if it can. */
    @Nullable
    String brokenBecause() {
        Status status = info.status();
        boolean broken =
                status.condition() == Condition.FAULT || status.reason().startsWith(THREW);
        return broken ? info.name() + " is " + status : null;
    }

    boolean isOpen() {
        return opening != null;
    }

    boolean isOpening() {
        Opening now = opening;
        return now != null && !now.opened;
    }

    boolean isRemoved() {
        return removed;
    }
}
