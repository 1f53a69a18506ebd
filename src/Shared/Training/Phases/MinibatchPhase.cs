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

    /// <summary>Why no further batch is asked for; null while one is.</summary>
    public StoppedBy? EndOf(TrainingProgress progress) =>
        progress.Steps >= StepsMax ? StoppedBy.Steps
        : progress.Evaluations >= (long)Epochs * StepsPerEpoch ? StoppedBy.Epochs
        : null;
}

/// <summary>Optimising with one evaluation per batch.</summary>
sealed record MinibatchPhase(TrainingProblem Problem, IOptimizer Optimizer, MinibatchPlan Plan, TrainingProgress Progress) : IPhase
{
    public static MinibatchPhase Start(TrainingProblem problem, IOptimizer optimizer, MinibatchPlan plan) =>
        new(problem, optimizer, plan, default);

    public Inquiry? Inquiry => ArrivedBy is not null ? null : new(
        new EvaluationRequest(EvaluationKind.Batch, Batch: Plan.Position(Progress.Evaluations)), Problem.ParametersAt(Optimizer.Point));

    public StoppedBy? ArrivedBy => Plan.EndOf(Progress);

    public Arrival ArriveBy(StoppedBy reason) => new(Problem, Optimizer.Point, reason, Progress);

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        var evaluations = Progress.Evaluations + 1;
        var counted = Progress with { Evaluations = evaluations, Epochs = (double)evaluations / Plan.StepsPerEpoch };
        var isMark = evaluations % Plan.StepsPerEpoch == 0;
        if (!sums.NonFinite && sums.TrainingWeight == 0) return new(this with { Progress = counted }) { IsMark = isMark }; // Seen, but nothing to step by.

        var (value, gradient) = Problem.Objective.OfBatch(sums, Optimizer.Point);
        if (!double.IsFinite(value)) throw Divergence.At($"step {Progress.Steps + 1}").AsException();

        var (optimizer, step, _) = Optimizer.Tell(value, gradient);
        var moved = counted with { Steps = counted.Steps + 1 };
        return new(this with { Optimizer = optimizer, Progress = moved })
        {
            Steps = [moved.Summarize(step!.Objective, step.GradientMax)],
            IsMark = isMark,
        };
    }

    public void Save(StateWriter state)
    {
        state.Tag("minibatch");
        Optimizer.Save(state);
        Progress.Save(state);
    }

    public IPhase Restore(StateReader saved)
    {
        saved.Expect("minibatch");
        return this with { Optimizer = Optimizer.Restore(saved), Progress = TrainingProgress.Restore(saved) };
    }
}
