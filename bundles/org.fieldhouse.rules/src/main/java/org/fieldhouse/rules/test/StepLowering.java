package org.fieldhouse.rules.test;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.fieldhouse.api.config.SourceSpan;
import org.fieldhouse.api.event.Fact;
import org.fieldhouse.api.model.DeviceId;
import org.fieldhouse.api.model.DeviceInfo;
import org.fieldhouse.api.model.Quality;
import org.fieldhouse.api.model.State;
import org.fieldhouse.api.value.Quantity;
import org.fieldhouse.api.value.Text;
import org.fieldhouse.api.value.Units;
import org.fieldhouse.api.value.Value;
import org.fieldhouse.rules.check.Resolution;
import org.fieldhouse.rules.engine.AlarmFacts;
import org.fieldhouse.rules.engine.Output;
import org.fieldhouse.rules.engine.Wording;
import org.fieldhouse.rules.program.Lowering;
import org.fieldhouse.rules.program.Source;
import org.fieldhouse.rules.program.Target;
import org.fieldhouse.rules.program.Truth;
import org.fieldhouse.rules.program.Val;
import org.fieldhouse.rules.syntax.ast.Arg;
import org.fieldhouse.rules.syntax.ast.Expr;
import org.fieldhouse.rules.syntax.ast.Expr.QualityTest;
import org.fieldhouse.rules.syntax.ast.Ref;
import org.fieldhouse.rules.syntax.ast.TestStep;

/** Makes what a test does and expects runnable. */
final class StepLowering {
    private final Lowering lowering;
    private final Wording wording;
    private final String file;

    StepLowering(Lowering lowering, String file) {
        this.lowering = lowering;
        this.wording = new Wording(lowering.checked().model());
        this.file = file;
    }

    /** Something a test does or expects. */
    interface Step {
        /** Before the rules are loaded. */
        default void prepare(SimulatedHouse house) {
            throw new IllegalStateException("this cannot be given");
        }

        void act(SimulatedHouse house, List<TestResult.Failure> failures);
    }

    /** Microseconds from the start of the test. */
    long offset(Expr at) {
        if (at instanceof Expr.DurationLit duration) {
            return duration.value().toNanos() / 1000;
        }
        Value value = lowering.checked().constant(at).orElse(null);
        return value instanceof Quantity q && q.unit().convertsTo(Units.SECOND)
                ? Math.round(q.in(Units.SECOND).number() * 1e6)
                : 0;
    }

    Step step(TestStep step) {
        if (step instanceof TestStep.Report s) {
            return report(s);
        } else if (step instanceof TestStep.Quality s) {
            return quality(s);
        } else if (step instanceof TestStep.Happens s) {
            return happens(s);
        } else if (step instanceof TestStep.Sun s) {
            return new Sun(s.up());
        } else if (step instanceof TestStep.ClockIs s) {
            return (house, failures) -> house.setClock(s::at);
        } else if (step instanceof TestStep.Restart s) {
            Expr down = s.downFor();
            long micros = down == null ? 0 : offset(down);
            return (house, failures) -> house.restart(micros);
        } else if (step instanceof TestStep.ExpectThat s) {
            return expect(s);
        } else if (step instanceof TestStep.ExpectNotified s) {
            return notified(s);
        }
        if (step instanceof TestStep.AlarmAct s) {
            Fact act = AlarmFacts.act(s.alarm().text(), s.act(), s.duration() == null ? 0 : offset(s.duration()));
            return (house, failures) -> house.operated(act);
        } else if (step instanceof TestStep.Answer s) {
            return answer(s);
        } else if (step instanceof TestStep.ExpectCalled s) {
            return called(s);
        }
        throw new IllegalArgumentException("a test cannot do that: " + step);
    }

    private Step report(TestStep.Report s) {
        List<Target> targets = lowering.targets(s.target());
        // A value for nobody, as of a group without members, is of no kind and cannot be worked out.
        SourceSpan place = TestRunner.place(file, s.span());
        return targets.isEmpty() ? new Nothing() : new Report(targets, lowering.value(s.value()), place);
    }

    private record Nothing() implements Step {
        @Override
        public void prepare(SimulatedHouse house) {}

        @Override
        public void act(SimulatedHouse house, List<TestResult.Failure> failures) {}
    }

    private record Report(List<Target> targets, Val value, SourceSpan place) implements Step {
        @Override
        public void prepare(SimulatedHouse house) {
            Value is = house.engine().look(value, house.now());
            if (is == null) {
                throw new IllegalStateException("what is given must be a plain value: " + place);
            }
            for (Target target : targets) {
                if (target instanceof Target.Point point) {
                    house.given(point.id(), new State(is, Quality.GOOD, house.now(), house.now()));
                } else if (target instanceof Target.Variable variable) {
                    house.givenVariable(variable.name(), is);
                }
            }
        }

        @Override
        public void act(SimulatedHouse house, List<TestResult.Failure> failures) {
            Value is = house.engine().look(value, house.now());
            if (is == null) {
                failures.add(new TestResult.Failure(place, "a value to report", "it is unknown"));
                return;
            }
            for (Target target : targets) {
                if (target instanceof Target.Point point) {
                    house.report(point.id(), is, Quality.GOOD);
                } else if (target instanceof Target.Variable variable) {
                    house.happens(new Fact.VariableChanged(
                            variable.name(), house.engine().variable(variable.name()), is));
                }
            }
        }
    }

    private record Sun(boolean up) implements Step {
        @Override
        public void prepare(SimulatedHouse house) {
            house.givenSun(up);
        }

        @Override
        public void act(SimulatedHouse house, List<TestResult.Failure> failures) {
            house.sun(up);
        }
    }

    private Step quality(TestStep.Quality s) {
        if (s.quality() == QualityTest.ONLINE || s.quality() == QualityTest.OFFLINE) {
            boolean online = s.quality() == QualityTest.ONLINE;
            List<DeviceId> devices = devices(s.target());
            return new Step() {
                @Override
                public void prepare(SimulatedHouse house) {
                    if (!online) {
                        devices.forEach(house::givenOffline);
                    }
                }

                @Override
                public void act(SimulatedHouse house, List<TestResult.Failure> failures) {
                    devices.forEach(device -> house.online(device, online));
                }
            };
        }
        Quality quality = s.quality() == QualityTest.STALE ? Quality.STALE : Quality.BAD;
        List<Target> targets = lowering.targets(s.target());
        return new Step() {
            @Override
            public void prepare(SimulatedHouse house) {
                for (Target target : targets) {
                    if (target instanceof Target.Point point) {
                        house.given(point.id(), house.state(point.id()).withQuality(quality, house.now()));
                    }
                }
            }

            @Override
            public void act(SimulatedHouse house, List<TestResult.Failure> failures) {
                for (Target target : targets) {
                    if (target instanceof Target.Point point) {
                        house.quality(point.id(), quality);
                    }
                }
            }
        };
    }

    /** A device, or those of a group's members. */
    private List<DeviceId> devices(Ref ref) {
        if (lowering.resolution(ref).orElse(null) instanceof Resolution.OfGroup group) {
            return group.members().stream()
                    .flatMap(each -> each instanceof Resolution.OfPoint point
                            ? Stream.of(point.device().id())
                            : Stream.empty())
                    .distinct()
                    .toList();
        }
        return List.of(device(ref).id());
    }

    private DeviceInfo device(Ref ref) {
        Resolution resolution = lowering.resolution(ref).orElse(null);
        if (resolution instanceof Resolution.OfDevice device) {
            return device.device();
        } else if (resolution instanceof Resolution.OfPoint point) {
            return point.device();
        }
        return lowering.checked()
                .model()
                .named(ref.path().text())
                .orElseThrow(() -> new IllegalStateException("'" + ref + "' is no device"));
    }

    private Step happens(TestStep.Happens s) {
        DeviceId device = device(s.device()).id();
        Map<String, Val> with = new HashMap<>();
        for (Arg arg : s.with()) {
            if (arg.name() != null) {
                with.put(arg.name().text(), lowering.value(arg.value()));
            }
        }
        return (house, failures) -> {
            Map<String, Value> arguments = new HashMap<>();
            with.forEach((name, val) -> {
                Value value = house.engine().look(val, house.now());
                if (value != null) {
                    arguments.put(name, value);
                }
            });
            house.happens(new Fact.DeviceSignalled(device, s.event().text(), arguments));
        };
    }

    private Step answer(TestStep.Answer s) {
        Val value = s.value() == null ? null : lowering.value(s.value());
        String reason = s.reason() == null ? "failed" : s.reason().plain();
        String function = s.function().text();
        return new Step() {
            @Override
            public void prepare(SimulatedHouse house) {
                house.givenAnswer(function, now(house));
            }

            @Override
            public void act(SimulatedHouse house, List<TestResult.Failure> failures) {
                house.answer(function, now(house));
            }

            private SimulatedHouse.Answer now(SimulatedHouse house) {
                return value == null
                        ? new SimulatedHouse.Answer(null, reason)
                        : new SimulatedHouse.Answer(house.engine().look(value, house.now()), null);
            }
        };
    }

    private Step called(TestStep.ExpectCalled s) {
        SourceSpan place = TestRunner.place(file, s.span());
        String function = s.function().text();
        return (house, failures) -> {
            boolean found = house.log().stream()
                    .anyMatch(each -> each instanceof Output.Invoke call
                            && call.function().equals(function));
            if (found == s.not()) {
                String what = (s.not() ? "no call of " : "a call of ") + function;
                failures.add(new TestResult.Failure(place, what, found ? "it was called" : "it was not called"));
            }
        };
    }

    private Step expect(TestStep.ExpectThat s) {
        Lowering.Looked looked = lowering.condition(s.condition());
        SourceSpan place = TestRunner.place(file, s.span());
        return (house, failures) -> {
            int truth = house.engine().look(looked.condition(), house.now());
            if (truth != Truth.TRUE) {
                failures.add(new TestResult.Failure(place, "this to be so", values(house, looked.cells())));
            }
        };
    }

    /** What the cells are, by the names that the rule file uses, and since when, counted as the test counts. */
    private String values(SimulatedHouse house, int[] cells) {
        StringBuilder all = new StringBuilder();
        for (int cell : cells) {
            all.append(all.isEmpty() ? "" : ", ").append(wording.values(house.engine(), new int[] {cell}));
            if (house.engine().program().sources().get(cell) instanceof Source.OfPoint point) {
                house.became(point.id()).ifPresent(at -> all.append(" since ").append(Wording.offset(at)));
            }
        }
        return all.isEmpty() ? "it is not" : all.toString();
    }

    private Step notified(TestStep.ExpectNotified s) {
        Expr.TextLit text = s.text();
        Val wanted = text == null ? null : lowering.value(text);
        SourceSpan place = TestRunner.place(file, s.span());
        return (house, failures) -> {
            Value value = wanted == null ? null : house.engine().look(wanted, house.now());
            String said = value instanceof Text t ? t.value() : "";
            List<Output.Notify> all = house.log().stream()
                    .filter(Output.Notify.class::isInstance)
                    .map(Output.Notify.class::cast)
                    .filter(each -> each.recipient().equals(s.to().text()))
                    .toList();
            boolean found =
                    all.stream().anyMatch(each -> value == null || each.text().contains(said));
            if (found == s.not()) {
                String what = s.to().text() + (said.isEmpty() ? "" : " to be told \"" + said + "\"");
                failures.add(new TestResult.Failure(
                        place,
                        (s.not() ? "not " : "") + what,
                        all.isEmpty()
                                ? "nothing was sent"
                                : "sent was "
                                        + all.stream()
                                                .map(n -> '"' + n.text() + '"')
                                                .toList()));
            }
        };
    }
}
