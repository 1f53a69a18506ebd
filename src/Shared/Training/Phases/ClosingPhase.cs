using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>Awaits the closing pass over the training part.</summary>
/// <param name="Parameters">The numbers of the model file, as held.</param>
sealed record ClosingPhase(TrainingProblem Problem, Parameters Parameters, StoppedBy StoppedBy, TrainingProgress Progress) : ITrainer
{
    /// <param name="point">Where training ended.</param>
    public static TrainerAnswer Start(
        TrainingProblem problem, double[] point, StoppedBy stoppedBy, TrainingProgress progress, ReadOnlySpan<StepSummary> steps)
    {
        var closing = new ClosingPhase(
            problem, problem.ParametersToKeep(point), stoppedBy, progress with { Version = progress.Version + 1 });
        return new(closing, closing.Ask(new EvaluationRequest(EvaluationKind.Closing)), [.. steps], null);
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
            GradientMax = Problem.Objective.GradientMax(gradient, Parameters.Values),
            Training = Problem.Score(sums),
            Validation = null,
        };
        return Problem.Objective.Penalty.IsOnAllFeatures
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

    TrainerAnswer Finish(TrainingResult result) => new(this, null, [], result);
}
