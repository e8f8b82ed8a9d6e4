package org.fieldhouse.rules.service;

import java.time.Clock;
import java.util.List;
import org.fieldhouse.api.bus.EventBus;
import org.fieldhouse.api.command.CommandRouter;
import org.fieldhouse.api.config.SourceFile;
import org.fieldhouse.api.model.House;
import org.fieldhouse.api.model.HouseModel;
import org.fieldhouse.api.store.Journal;
import org.fieldhouse.rules.engine.Engine;
import org.fieldhouse.rules.engine.Standing;
import org.fieldhouse.rules.program.Program;
import org.fieldhouse.rules.test.TestRunner;

/** The rules of the container, without the container, and looked into. */
public final class DrivenRules {
    private final FunctionCalls calls;
    private final Linker linker;
    private final Uploads uploads;
    private final Driver driver;

    /** Recovers what an earlier process left. */
    public DrivenRules(EventBus bus, CommandRouter router, Journal journal, House house, int snapshotEvents) {
        FunctionRegistry functions = new FunctionRegistry();
        calls = new FunctionCalls(bus, functions);
        linker = new Linker(bus, () -> null);
        uploads = new Uploads(bus, journal, Clock.systemUTC());
        driver = new Driver(
                new Driver.Services(bus, router, journal, house),
                new Driver.Settings(TestRunner.ANYWHERE, 3_600, snapshotEvents, 65_536),
                new Driver.Helpers(functions, calls, linker, uploads));
        driver.start();
    }

    /** As when a generation with these files is put in force. */
    public void activate(List<SourceFile> files, HouseModel model) {
        driver.activate(Compiled.of(files, model));
    }

    /** The program that a fact with this type and these values says to go over to. */
    public static String activated() {
        return Driver.ACTIVATED;
    }

    public long nextWake() {
        return driver.look(Engine::nextWake);
    }

    public long handled() {
        return driver.handled();
    }

    /** Outputs that the journal has not told back yet. */
    public int unconfirmed() {
        return driver.unconfirmed();
    }

    public List<Standing> standings() {
        return driver.look(Engine::standings);
    }

    public Program program() {
        return driver.look(Engine::program);
    }

    public List<SourceFile> files() {
        return driver.running().files();
    }

    public void stop() {
        driver.stop();
        uploads.close();
        linker.close();
        calls.close();
    }
}
