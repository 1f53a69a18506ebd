using DistTrain.Data.Storage;
using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>How the batches of a run follow each other, and when they end.</summary>
/// <param name="StepsPerEpoch">T = ⌈rows / batch size⌉.</param>
sealed record MinibatchPlan(int StepsPerEpoch, int Epochs, int? StepsMax, ulong Seed)
{
    public static MinibatchPlan Of(DatasetManifest manifest, TrainingOptions options) => new(
        Math.Max(1, (int)(((long)manifest.TrainingRowCount + options.BatchSize - 1) / options.BatchSize)),
        options.Epochs, options.MaxSteps, options.Seed);

    /// <summary>The position of batch <paramref name="index"/> of the run, from 0.</summary>
    public BatchPosition Position(int index) => new(index / StepsPerEpoch, index % StepsPerEpoch, StepsPerEpoch, Seed);
}

/// <summary>Optimising with one evaluation per batch.</summary>
sealed record MinibatchPhase(TrainingProblem Problem, IOptimizer Optimizer, MinibatchPlan Plan, TrainingProgress Progress) : ITrainer
{
    /// <summary>What a saved state of this phase begins with.</summary>
    public const string Tag = "minibatch";

    public static TrainerAnswer Start(TrainingProblem problem, IOptimizer optimizer, MinibatchPlan plan) =>
        new MinibatchPhase(problem, optimizer, plan, new TrainingProgress(0, 0, 0, Version: 1)).Ask([]);

    /// <summary>The question after the step at which the phase was saved.</summary>
    /// <param name="optimizer">At its starting point.</param>
    public static TrainerAnswer Resume(TrainingProblem problem, IOptimizer optimizer, MinibatchPlan plan, StateReader saved) =>
        new MinibatchPhase(problem, optimizer.Restore(saved), plan, TrainingProgress.Restore(saved)).Ask([]);

    public void Save(StateWriter state)
    {
        state.Tag(Tag);
        Optimizer.Save(state);
        Progress.Save(state);
    }

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        var evaluations = Progress.Evaluations + 1;
        var counted = Progress with { Evaluations = evaluations, Epochs = (double)evaluations / Plan.StepsPerEpoch };
        if (!sums.NonFinite && sums.Weight == 0) return (this with { Progress = counted }).Ask([]); // Seen, but nothing to step by.

        var (value, gradient) = Problem.Objective.OfBatch(sums, Optimizer.Point);
        if (!double.IsFinite(value)) throw Divergence.At($"step {Progress.Steps + 1}").AsException();

        var (optimizer, step, _) = Optimizer.Tell(value, gradient);
        var moved = counted with { Steps = counted.Steps + 1, Version = counted.Version + 1 };
        return (this with { Optimizer = optimizer, Progress = moved }).Ask([moved.Summarize(step!.Objective, step.GradientMax)]);
    }

    /// <summary>The next batch, or the end.</summary>
    TrainerAnswer Ask(ReadOnlySpan<StepSummary> steps)
    {
        if (Progress.Steps >= Plan.StepsMax) return Close(StoppedBy.Steps, steps);
        if (Progress.Evaluations >= (long)Plan.Epochs * Plan.StepsPerEpoch) return Close(StoppedBy.Epochs, steps);

        var request = new EvaluationRequest(EvaluationKind.Batch, Batch: Plan.Position(Progress.Evaluations));
        return new(this, new Question(request, Problem.ParametersAt(Optimizer.Point), Progress.Version), [.. steps], null);
    }

    TrainerAnswer Close(StoppedBy reason, ReadOnlySpan<StepSummary> steps) =>
        ClosingPhase.Start(Problem, Optimizer.Point, reason, Progress, steps);
}
