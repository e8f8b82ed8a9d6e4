package org.fieldhouse.api.command;

import java.util.concurrent.CompletionStage;

/**
 * What the sender of a command holds.
 *
 * @param id of the command
 * @param accepted completes when the command's record is on disk; what is shown to a person as accepted waits for it
 * @param ended completes, never exceptionally, when the command has come to its end
 */
public record CommandTicket(long id, CompletionStage<Void> accepted, CompletionStage<CommandResult> ended) {}
