using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>Awaits the closing pass over the training part.</summary>
/// <param name="Parameters">The numbers of the model file, as held.</param>
/// <param name="Version">Of <paramref name="Parameters"/>.</param>
sealed record ClosingPhase(Arrival Arrival, Parameters Parameters, long Version) : ITrainer
{
    /// <summary>What a saved state of this phase begins with.</summary>
    public const string Tag = "closing";

    public TrainingProblem Problem => Arrival.Problem;

    public bool IsClosing => true;

    /// <param name="version">Of the parameters last asked about.</param>
    public static TrainerAnswer Start(Arrival arrival, long version, ImmutableArray<StepSummary> steps)
    {
        var closing = new ClosingPhase(arrival, arrival.Problem.ParametersToKeep(arrival.Point), version + 1);
        return new(closing, closing.Ask(new EvaluationRequest(EvaluationKind.Closing)), steps, null);
    }

    /// <summary>The closing passes from their beginning.</summary>
    public static TrainerAnswer Resume(TrainingPlan plan, StateReader saved)
    {
        var version = saved.ReadInt64();
        return Start(Arrival.Restore(saved, plan), version, []);
    }

    public void Save(StateWriter state)
    {
        state.Tag(Tag);
        state.Write(Version);
        Arrival.Save(state);
    }

    public TrainerAnswer Close(StoppedBy reason) => throw new InvalidOperationException("Training has stopped already.");

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        if (sums.NonFinite) throw Divergence.At("the closing pass").AsException();

        var (value, gradient) = Problem.Objective.Of(sums, Parameters.Values);
        if (Growth.IsTooFar(value, Arrival.StartObjective))
            throw Divergence.Growing("at the end", value, Arrival.StartObjective).AsException();
        var measured = new TrainingResult
        {
            Parameters = Parameters,
            StoppedBy = Arrival.StoppedBy,
            Steps = Arrival.Progress.Steps,
            Evaluations = Arrival.Progress.Evaluations,
            Epochs = Arrival.Progress.Epochs,
            Objective = value,
            SuboptimalityBound = null,
            GradientMax = GradientMaxOf(gradient),
            Training = Problem.Score(sums),
            Validation = null,
            L2 = Problem.L2,
            Path = Arrival.Path,
            Separation = Separation.Of(Problem.Manifest, Problem.Objective, sums),
        };
        return Problem.Objective.Penalty.IsOnAllFeatures
            ? CertificatePhase.Start(this, measured, new Certificate(Problem.Statistics, Problem.Objective, sums, value))
            : ValidationPhase.Start(this, measured);
    }

    /// <param name="gradient">Given away.</param>
    double GradientMaxOf(double[] gradient)
    {
        var max = Problem.Objective.GradientMax(gradient, Parameters.Values);
        SpareNumbers.Give(gradient);
        return max;
    }

    /// <summary>A question at the closing parameters.</summary>
    public Question Ask(EvaluationRequest request) => new(request, Parameters, Version);
}

/// <summary>Awaits the entropies of the certificate.</summary>
sealed record CertificatePhase(ClosingPhase Closing, TrainingResult Measured, Certificate Certificate) : ITrainer
{
    public bool IsClosing => true;

    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured, Certificate certificate) => new(
        new CertificatePhase(closing, measured, certificate),
        closing.Ask(new EvaluationRequest(EvaluationKind.Entropy, Mix: certificate.Mix)), [], null);

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        var bound = Certificate.Bound(sums);
        return ValidationPhase.Start(Closing, Measured with { SuboptimalityBound = bound, StoppedBy = ReasonAt(bound) });
    }

    /// <summary>A run that came to its limits within the bound that was asked for is done.</summary>
    StoppedBy ReasonAt(double bound) => Measured.StoppedBy switch
    {
        StoppedBy.Precision or StoppedBy.Steps or StoppedBy.Epochs when bound <= Closing.Problem.Suboptimality => StoppedBy.Suboptimality,
        var reason => reason,
    };

    public TrainerAnswer Close(StoppedBy reason) => Closing.Close(reason);

    public void Save(StateWriter state) => Closing.Save(state);
}

/// <summary>Awaits the metrics of the validation part; skipped where that holds no weight.</summary>
sealed record ValidationPhase(ClosingPhase Closing, TrainingResult Measured) : ITrainer
{
    public bool IsClosing => true;

    public static TrainerAnswer Start(ClosingPhase closing, TrainingResult measured)
    {
        var phase = new ValidationPhase(closing, measured);
        return closing.Problem.Manifest.ValidationWeightSum > 0
            ? new(phase, closing.Ask(new EvaluationRequest(EvaluationKind.Metrics, DatasetPart.Validation)), [], null)
            : new(phase, null, [], measured);
    }

    public TrainerAnswer Tell(EvaluationSums sums) =>
        RankingPhase.Start(Closing, Measured with { Validation = Closing.Problem.Score(sums) });

    public TrainerAnswer Close(StoppedBy reason) => Closing.Close(reason);

    public void Save(StateWriter state) => Closing.Save(state);
}
