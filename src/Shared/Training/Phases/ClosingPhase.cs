using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>Awaits the closing pass over the training part.</summary>
/// <param name="Parameters">The numbers of the model file, as held.</param>
sealed record ClosingPhase(TrainingProblem Problem, Parameters Parameters, StoppedBy StoppedBy, TrainingProgress Progress) : ITrainer
{
    /// <summary>What a saved state of this phase begins with.</summary>
    public const string Tag = "closing";

    /// <param name="point">Where training ended.</param>
    public static TrainerAnswer Start(
        TrainingProblem problem, double[] point, StoppedBy stoppedBy, TrainingProgress progress, ReadOnlySpan<StepSummary> steps)
    {
        var closing = new ClosingPhase(problem, problem.ParametersToKeep(point), stoppedBy, progress);
        return closing.Begin([.. steps]);
    }

    /// <summary>The closing passes from their beginning.</summary>
    public static TrainerAnswer Resume(TrainingProblem problem, StateReader saved)
    {
        var parameters = problem.ParametersAt(saved.ReadDoubles(problem.Objective.Shape.ParameterCount));
        return new ClosingPhase(problem, parameters, (StoppedBy)saved.ReadInt32(), TrainingProgress.Restore(saved)).Begin([]);
    }

    public void Save(StateWriter state)
    {
        state.Tag(Tag);
        state.Write(Parameters.Values);
        state.Write((int)StoppedBy);
        Progress.Save(state);
    }

    TrainerAnswer Begin(ImmutableArray<StepSummary> steps)
    {
        var begun = this with { Progress = Progress with { Version = Progress.Version + 1 } };
        return new(begun, begun.Ask(new EvaluationRequest(EvaluationKind.Closing)), steps, null);
    }

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        if (sums.NonFinite) throw Divergence.At("the closing pass").AsException();

        var (value, gradient) = Problem.Objective.Of(sums, Parameters.Values);
        var measured = new TrainingResult
        {
            Parameters = Parameters,
            StoppedBy = StoppedBy,
            Steps = Progress.Steps,
            Evaluations = Progress.Evaluations,
            Epochs = Progress.Epochs,
            Objective = value,
            SuboptimalityBound = null,
            GradientMax = Problem.Objective.GradientMax(gradient),
            Training = Problem.Score(sums),
            Validation = null,
        };
        return Problem.Objective.L2 > 0
            ? CertificatePhase.Start(this, measured, new Certificate(Problem.Manifest, Problem.Objective, sums, value))
            : ValidationPhase.Start(this, measured);
    }

    /// <summary>A question at the closing parameters.</summary>
    public Question Ask(EvaluationRequest request) => new(request, Parameters, Progress.Version);
}

/// <summary>Awaits the entropies of the certificate.</summary>
sealed record CertificatePhase(ClosingPhase Closing, TrainingResult Measured, Certificate Certificate) : ITrainer
{
    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured, Certificate certificate) => new(
        new CertificatePhase(closing, measured, certificate),
        closing.Ask(new EvaluationRequest(EvaluationKind.Entropy, Mix: certificate.Mix)), [], null);

    public TrainerAnswer Tell(EvaluationSums sums) =>
        ValidationPhase.Start(Closing, Measured with { SuboptimalityBound = Certificate.Bound(sums) });

    public void Save(StateWriter state) => Closing.Save(state);
}

/// <summary>Awaits the metrics of the validation part; skipped where that holds no weight.</summary>
sealed record ValidationPhase(ClosingPhase Closing, TrainingResult Measured) : ITrainer
{
    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured)
    {
        var phase = new ValidationPhase(closing, measured);
        return closing.Problem.Manifest.ValidationWeightSum > 0
            ? new(phase, closing.Ask(new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation)), [], null)
            : phase.Finish(measured);
    }

    public TrainerAnswer Tell(EvaluationSums sums) => Finish(Measured with
    {
        Validation = Closing.Problem.Score(sums),
    });

    public void Save(StateWriter state) => Closing.Save(state);

    TrainerAnswer Finish(TrainingResult result) => new(this, null, [], result);
}
