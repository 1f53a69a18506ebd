using System.Collections.Immutable;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Numerics;

namespace DistTrain.Training;

/// <summary>
/// The mathematics of a run as a value: told the sums of one evaluation, it answers what to evaluate next, or the result. Knows no
/// workers, clock or disk; equal trainers told equal sums give equal answers.
/// </summary>
/// <remarks>
/// Minibatch trainers own a store as large as the parameters and change it step by step, since to copy it would cost more than the step.
/// Such a value is used up when it is told a step: from then on it refuses to be told, or saved, and only its answer goes on.
/// </remarks>
public interface ITrainer
{
    /// <summary>
    /// The state after <paramref name="sums"/>, the complete sums of the question last asked. This value stays as it was, or is used up.
    /// </summary>
    TrainerAnswer Tell(EvaluationSums sums);

    /// <summary>For adding up the sums that it is told.</summary>
    IParallelFor Parallel => SerialFor.Instance;

    /// <summary>
    /// Gives away the memory of what this value holds and <paramref name="successor"/> does not. Not to be told or saved afterwards; nor is any
    /// trainer before it, but those of the same step, which can be saved.
    /// </summary>
    /// <param name="successor">The answer's trainer.</param>
    void LetGo(ITrainer successor)
    {
    }

    /// <summary>The closing passes have begun: the numbers of the model are settled.</summary>
    bool IsClosing { get; }

    /// <summary>
    /// Ends training at the best point known, or the present one, whatever was asked last: the answer begins the closing passes. Not to be
    /// called where they have begun.
    /// </summary>
    TrainerAnswer Close(StoppedBy reason);

    /// <summary>
    /// Writes all that <see cref="Trainer.Resume"/> needs to go on with the same bits from the last step taken. Right after a step nothing
    /// is lost by it; between steps, evaluations since the last one are asked again.
    /// </summary>
    void Save(StateWriter state);
}

/// <summary>What a trainer says: exactly one of <paramref name="Question"/> and <paramref name="Result"/> is there.</summary>
/// <param name="Trainer">The trainer to tell the next sums.</param>
/// <param name="Question">What to evaluate next.</param>
/// <param name="Steps">Steps finished by this answer, for those who watch.</param>
/// <param name="Result">The end.</param>
public sealed record TrainerAnswer(
    ITrainer Trainer, Question? Question, ImmutableArray<StepSummary> Steps, TrainingResult? Result)
{
    /// <summary>What else those who watch may want to know.</summary>
    public ImmutableArray<TrainingNotice> Notices { get; init; } = [];
}

/// <summary>One evaluation wanted.</summary>
/// <param name="Version">Number of the parameters, rising; the same version always means the same numbers.</param>
public sealed record Question(EvaluationRequest Request, Parameters Parameters, long Version);

/// <summary>One step taken.</summary>
/// <param name="Step">Steps so far, from 1; 0 is the starting point.</param>
/// <param name="Evaluations">Evaluations so far.</param>
/// <param name="Epochs">Passes over the training rows so far, fractions included.</param>
/// <param name="Objective">F at the step's point, in float arithmetic; for minibatch steps that of the batch.</param>
/// <param name="GradientMax">max |∂F/∂W_kd| / max(1, rms of column d); null where the full gradient is not known.</param>
public sealed record StepSummary(int Step, int Evaluations, double Epochs, double Objective, double? GradientMax);
