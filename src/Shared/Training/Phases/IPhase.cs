using System.Collections.Immutable;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>
/// A part of training that looks for a point: told the sums of one evaluation after the other, until it has arrived. A value: equal phases
/// told equal sums are equal again.
/// </summary>
/// <remarks>
/// Phases wrap each other: a watch on the validation part around an optimiser, a path of penalties around the watch. What wraps looks
/// at its inner phase's marks (<see cref="PhaseAnswer.IsMark"/>), asks questions of its own between two of the inner one's, and decides
/// where it ends. A phase with a minibatch optimiser is used up by the step it is told, and gives its optimiser away when it restores
/// (<see cref="MinibatchPhase"/>).
/// </remarks>
interface IPhase
{
    /// <summary>What is to be evaluated next; null once it has arrived.</summary>
    Inquiry? Inquiry { get; }

    /// <summary>Why it has arrived; null while there is an inquiry.</summary>
    StoppedBy? ArrivedBy { get; }

    /// <summary>What there is to show, now that it has arrived or if it has to end here.</summary>
    /// <param name="reason"><see cref="ArrivedBy"/>, or why it has to end.</param>
    Arrival ArriveBy(StoppedBy reason);

    /// <summary>
    /// The state after <paramref name="sums"/>, the complete sums of <see cref="Inquiry"/>. This value stays as it was, or is used up.
    /// </summary>
    PhaseAnswer Tell(EvaluationSums sums);

    /// <summary>For adding up the sums that it is told.</summary>
    IParallelFor Parallel => SerialFor.Instance;

    /// <summary>Gives away the memory of what this value holds and its successor does not (<see cref="ITrainer.LetGo"/>).</summary>
    /// <param name="successor">The answer's phase.</param>
    void LetGo(IPhase successor)
    {
    }

    /// <summary>
    /// Writes all that the same phase, started with the same arguments, needs to go on from its last step (<see cref="Restore"/>).
    /// </summary>
    void Save(StateWriter state);

    /// <summary>
    /// The phase as it was saved. This value is one that was started with the same arguments; it stays as it was, or is used up.
    /// </summary>
    /// <exception cref="InvalidDataException">What is read is not the state of such a phase.</exception>
    IPhase Restore(StateReader saved);
}

/// <summary>An evaluation that a phase wants.</summary>
sealed record Inquiry(EvaluationRequest Request, Parameters Parameters);

/// <summary>What a phase says.</summary>
/// <param name="Phase">To be told the next sums.</param>
sealed record PhaseAnswer(IPhase Phase)
{
    /// <summary>Steps finished by this answer.</summary>
    public ImmutableArray<StepSummary> Steps { get; init; } = [];

    /// <summary>What else happened.</summary>
    public ImmutableArray<TrainingNotice> Notices { get; init; } = [];

    /// <summary>The phase stands at a point worth judging: after a step with all rows, or at the end of an epoch.</summary>
    public bool IsMark { get; init; }
}
