using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Problems;

namespace DistTrain.Training.Phases;

/// <summary>How the batches of a run follow each other, and when they end.</summary>
/// <param name="StepsPerEpoch">T = ⌈rows / batch size⌉.</param>
sealed record MinibatchPlan(int StepsPerEpoch, int Epochs, int? StepsMax, ulong Seed)
{
    public static MinibatchPlan Of(DatasetManifest manifest, TrainingOptions options) => new(
        Math.Max(1, (int)(((long)manifest.TrainingRowCount + options.BatchSize - 1) / options.BatchSize)),
        options.Epochs, options.MaxSteps, options.Seed);

    /// <summary>Steps of the whole run.</summary>
    public int StepsTotal => (int)Math.Min(StepsMax ?? int.MaxValue, (long)Epochs * StepsPerEpoch);

    /// <summary>The position of batch <paramref name="index"/> of the run, from 0.</summary>
    public BatchPosition Position(int index) => new(index / StepsPerEpoch, index % StepsPerEpoch, StepsPerEpoch, Seed);
}

/// <summary>Optimising with one evaluation per batch.</summary>
/// <remarks>Its optimiser is a store that steps change: a state of this phase is used up by the step it is told, and refuses a second.</remarks>
/// <param name="StepCount">Steps of the optimiser when this state was made.</param>
sealed record MinibatchPhase(
    TrainingProblem Problem, IMinibatchOptimizer Optimizer, int StepCount, MinibatchPlan Plan, TrainingProgress Progress) : ITrainer
{
    /// <summary>What a saved state of this phase begins with.</summary>
    public const string Tag = "minibatch";

    public static TrainerAnswer Start(TrainingProblem problem, IMinibatchOptimizer optimizer, MinibatchPlan plan) =>
        new MinibatchPhase(problem, optimizer, optimizer.StepCount, plan, new TrainingProgress(0, 0, 0, Version: 1)).Ask([]);

    /// <summary>The question after the step at which the phase was saved.</summary>
    /// <param name="optimizer">At its starting point; becomes the saved one.</param>
    public static TrainerAnswer Resume(TrainingProblem problem, IMinibatchOptimizer optimizer, MinibatchPlan plan, StateReader saved)
    {
        optimizer.Restore(saved);
        return new MinibatchPhase(problem, optimizer, optimizer.StepCount, plan, TrainingProgress.Restore(saved)).Ask([]);
    }

    public void Save(StateWriter state)
    {
        ThrowIfUsedUp();
        state.Tag(Tag);
        Optimizer.Save(state);
        Progress.Save(state);
    }

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        ThrowIfUsedUp();
        var evaluations = Progress.Evaluations + 1;
        var counted = Progress with { Evaluations = evaluations, Epochs = (double)evaluations / Plan.StepsPerEpoch };
        if (sums.NonFinite) throw Diverged();
        if (sums.Weight == 0) return (this with { Progress = counted }).Ask([]); // Seen, but nothing to step by.

        var (loss, gradient) = BatchGradient.Of(sums, Problem.Objective.Scales);
        var value = loss + Optimizer.Descend(gradient);
        if (!double.IsFinite(value)) throw Diverged();

        var moved = counted with { Steps = counted.Steps + 1, Version = counted.Version + 1 };
        return (this with { StepCount = Optimizer.StepCount, Progress = moved }).Ask([moved.Summarize(value, null)]);
    }

    void ThrowIfUsedUp()
    {
        if (Optimizer.StepCount != StepCount) throw new InvalidOperationException("This state of the trainer was used up by a step.");
    }

    DistTrainException Diverged() => Divergence.At($"step {Progress.Steps + 1}").AsException();

    /// <summary>The next batch, or the end.</summary>
    TrainerAnswer Ask(ReadOnlySpan<StepSummary> steps)
    {
        if (Progress.Steps >= Plan.StepsMax) return Close(StoppedBy.Steps, steps);
        if (Progress.Evaluations >= (long)Plan.Epochs * Plan.StepsPerEpoch) return Close(StoppedBy.Epochs, steps);

        var request = new EvaluationRequest(EvaluationKind.Batch, Batch: Plan.Position(Progress.Evaluations));
        return new(this, new Question(request, Point(), Progress.Version), [.. steps], null);
    }

    TrainerAnswer Close(StoppedBy reason, ReadOnlySpan<StepSummary> steps) =>
        ClosingPhase.Start(Problem, Point().Values, reason, Progress, steps);

    /// <summary>Where it stands, in an array of its own.</summary>
    Parameters Point()
    {
        var shape = Problem.Objective.Shape;
        var weights = new double[shape.ParameterCount];
        Optimizer.Read([.. Enumerable.Range(0, shape.FeatureCount + 1)], weights);
        return FeatureOrder.ToParameters(shape, weights);
    }
}
