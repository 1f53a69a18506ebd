using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;
using DistTrain.Numerics;

namespace DistTrain.Training.Phases;

/// <summary>Optimising with evaluations of the whole training part.</summary>
/// <param name="Objective">F at the optimiser's point; NaN before the first evaluation.</param>
sealed record FullBatchPhase(
    TrainingProblem Problem, IOptimizer Optimizer, int StepsMax, double Tolerance, TrainingProgress Progress, double Objective,
    StoppedBy? ArrivedBy)
    : IPhase
{
    public static FullBatchPhase Start(TrainingProblem problem, IOptimizer optimizer, int stepsMax, double tolerance) =>
        new(problem, optimizer, stepsMax, tolerance, default, double.NaN, null);

    public Inquiry? Inquiry => ArrivedBy is not null ? null
        : new(new EvaluationRequest(EvaluationKind.Gradient), Problem.ParametersAt(Optimizer.Trial));

    public IParallelFor Parallel => Problem.Parallel;

    public Arrival ArriveBy(StoppedBy reason) => new(Problem, Optimizer.Point, reason, Progress) { Objective = Objective };

    public PhaseAnswer Tell(EvaluationSums sums)
    {
        var (value, gradient) = Problem.Objective.Of(sums, Optimizer.Trial);
        var (optimizer, step, exhausted) = Optimizer.Tell(value, gradient);
        var next = this with { Optimizer = optimizer, Progress = Advance(step), Objective = step?.Objective ?? Objective };
        return new(next with { ArrivedBy = next.StopReason(step, exhausted) })
        {
            Steps = step is null ? [] : [next.Progress.Summarize(step.Objective, step.GradientMax)],
            IsMark = step is not null,
        };
    }

    public void LetGo(IPhase successor)
    {
        if (successor is FullBatchPhase after) Optimizer.LetGo(after.Optimizer);
    }

    public void Save(StateWriter state)
    {
        state.Tag("fullBatch");
        Optimizer.Save(state);
        Progress.Save(state);
        state.Write(Objective);
        state.Write(ArrivedBy);
    }

    public IPhase Restore(StateReader saved)
    {
        saved.Expect("fullBatch");
        return this with
        {
            Optimizer = Optimizer.Restore(saved),
            Progress = TrainingProgress.Restore(saved),
            Objective = saved.ReadDouble(),
            ArrivedBy = saved.ReadReason(),
        };
    }

    /// <summary>One evaluation more, which is one epoch; one step more if there is one and it is not the starting point.</summary>
    TrainingProgress Advance(OptimizerStep? step) => new(
        step is not null && Progress.Evaluations > 0 ? Progress.Steps + 1 : Progress.Steps, Progress.Evaluations + 1, Progress.Epochs + 1);

    StoppedBy? StopReason(OptimizerStep? step, bool exhausted) =>
        step?.GradientMax <= Tolerance ? StoppedBy.Tolerance
        : exhausted ? StoppedBy.Precision
        : step is not null && Progress.Steps >= StepsMax ? StoppedBy.Steps
        : null;
}
