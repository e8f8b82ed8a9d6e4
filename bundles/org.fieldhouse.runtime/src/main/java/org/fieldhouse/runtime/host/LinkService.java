package org.fieldhouse.runtime.host;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.fieldhouse.api.binding.BindingException;
import org.fieldhouse.api.binding.DirectLink;
import org.fieldhouse.api.binding.DirectLinks;
import org.fieldhouse.api.binding.LinkCapable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Puts links into the machines: finds the device that the link comes from and asks it on its lane. */
@Component
public final class LinkService implements DirectLinks {
    private static final long LIMIT_SECONDS = 30;

    private final DeviceHost host;

    @Activate
    public LinkService(@Reference HostComponent component) {
        this(component.host());
    }

    LinkService(DeviceHost host) {
        this.host = host;
    }

    /** What a device is asked for. */
    @FunctionalInterface
    private interface Question<T> {
        CompletionStage<T> ask(LinkCapable device) throws BindingException, InterruptedException;
    }

    @Override
    public CompletionStage<Void> program(DirectLink link) {
        return ask(link, device -> device.program(link));
    }

    @Override
    public CompletionStage<Void> remove(DirectLink link) {
        return ask(link, device -> device.remove(link));
    }

    @Override
    public CompletionStage<Boolean> verify(DirectLink link) {
        return ask(link, device -> device.verify(link));
    }

    private <T> CompletionStage<T> ask(DirectLink link, Question<T> question) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        HostedDevice from = host.device(link.from());
        if (from == null) {
            answer.completeExceptionally(new BindingException("there is no device " + link.from()));
            return answer;
        }
        from.onLane(() -> {
            try {
                question.ask(from.linkCapable()).whenComplete((value, failure) -> {
                    if (failure == null) {
                        answer.complete(value);
                    } else {
                        answer.completeExceptionally(failure);
                    }
                });
            } catch (BindingException e) {
                answer.completeExceptionally(e);
            } catch (InterruptedException e) {
                answer.completeExceptionally(new BindingException("it did not answer in time"));
            } catch (RuntimeException | Error e) {
                from.failed("link", e);
                answer.completeExceptionally(new BindingException("its binding failed: " + e));
            }
        });
        return answer.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(
                        failure instanceof TimeoutException
                                ? new BindingException("it did not answer within " + LIMIT_SECONDS + " s")
                                : failure));
    }
}
