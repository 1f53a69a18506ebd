using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Learning.Optimizers.Minibatch;
using DistTrain.Problems;

namespace DistTrain.Training.Phases;

/// <summary>Optimising with one evaluation per batch.</summary>
/// <remarks>
/// The optimiser is a store that every step changes. So a value of this phase is used up by the step it is told: it refuses to be told,
/// saved or asked again, and only its answer goes on.
/// </remarks>
/// <param name="Gradient">Memory of the gradients, one after the other.</param>
/// <param name="Point">Where the optimiser stands.</param>
sealed record MinibatchPhase(
    TrainingProblem Problem, IMinibatchOptimizer Optimizer, BatchGradient Gradient, Parameters Point, MinibatchPlan Plan,
    TrainingProgress Progress) : IPhase
{
    readonly int _stepCount = Optimizer.StepCount;

    public static MinibatchPhase Start(TrainingProblem problem, IMinibatchOptimizer optimizer, MinibatchPlan plan) =>
        new(problem, optimizer, new BatchGradient(problem.Objective.Scales), PointOf(problem, optimizer), plan, default);

    public Inquiry? Inquiry => ArrivedBy is not null ? null : new(
        new EvaluationRequest(EvaluationKind.Batch, Batch: Plan.Position(Progress.Evaluations)), Point);

    public StoppedBy? ArrivedBy => Plan.EndOf(Progress);

    public Arrival ArriveBy(StoppedBy reason)
    {
        ThrowIfUsedUp();
        return new(Problem, Point.Values, reason, Progress);
    }

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        ThrowIfUsedUp();
        var evaluations = Progress.Evaluations + 1;
        var counted = Progress with { Evaluations = evaluations, Epochs = (double)evaluations / Plan.StepsPerEpoch };
        var isMark = evaluations % Plan.StepsPerEpoch == 0;
        if (sums.NonFinite) throw Diverged();
        if (sums.TrainingWeight == 0) return new(this with { Progress = counted }) { IsMark = isMark }; // Seen, but nothing to step by.

        var value = Gradient.Read(sums) + Optimizer.Descend(Gradient);
        if (!double.IsFinite(value)) throw Diverged();

        var moved = counted with { Steps = counted.Steps + 1 };
        return new(new MinibatchPhase(Problem, Optimizer, Gradient, PointOf(Problem, Optimizer), Plan, moved))
        {
            Steps = [moved.Summarize(value, gradientMax: null)],
            IsMark = isMark,
        };
    }

    public void Save(StateWriter state)
    {
        ThrowIfUsedUp();
        state.Tag("minibatch");
        Optimizer.Save(state);
        Progress.Save(state);
    }

    /// <summary>The phase as it was saved; it takes this one's optimiser.</summary>
    public IPhase Restore(StateReader saved)
    {
        saved.Expect("minibatch");
        Optimizer.Restore(saved);
        return new MinibatchPhase(Problem, Optimizer, Gradient, PointOf(Problem, Optimizer), Plan, TrainingProgress.Restore(saved));
    }

    void ThrowIfUsedUp()
    {
        if (Optimizer.StepCount != _stepCount) throw new InvalidOperationException("This state of the trainer was used up by a step.");
    }

    DistTrainException Diverged() => Divergence.At($"step {Progress.Steps + 1}").AsException();

    /// <summary>Where the optimiser stands: of sparse features it is asked itself, else the numbers are copied.</summary>
    static Parameters PointOf(TrainingProblem problem, IMinibatchOptimizer optimizer)
    {
        var shape = problem.Objective.Shape;
        var point = new Parameters(shape, optimizer);
        return shape.SparseCount > 0 ? point : new Parameters(shape, point.Values);
    }
}
