using DistTrain.Formats.State;
using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>Optimising with evaluations of the whole training part.</summary>
sealed record FullBatchPhase(
    TrainingProblem Problem, IOptimizer Optimizer, int StepsMax, double Tolerance, TrainingProgress Progress) : ITrainer
{
    /// <summary>What a saved state of this phase begins with.</summary>
    public const string Tag = "fullBatch";

    public static TrainerAnswer Start(TrainingProblem problem, IOptimizer optimizer, int stepsMax, double tolerance) =>
        new FullBatchPhase(problem, optimizer, stepsMax, tolerance, default).Ask([]);

    /// <summary>The question after the step at which the phase was saved.</summary>
    /// <param name="optimizer">At its starting point.</param>
    public static TrainerAnswer Resume(TrainingProblem problem, IOptimizer optimizer, int stepsMax, double tolerance, StateReader saved) =>
        new FullBatchPhase(problem, optimizer.Restore(saved), stepsMax, tolerance, TrainingProgress.Restore(saved)).Ask([]);

    public void Save(StateWriter state)
    {
        state.Tag(Tag);
        Optimizer.Save(state);
        Progress.Save(state);
    }

    public TrainerAnswer Tell(EvaluationSums sums)
    {
        var (value, gradient) = Problem.Objective.Of(sums, Optimizer.Trial);
        var (optimizer, step, exhausted) = Optimizer.Tell(value, gradient);
        var next = this with { Optimizer = optimizer, Progress = Advance(step) };
        StepSummary[] steps = step is null ? [] : [next.Progress.Summarize(step.Objective, step.GradientMax)];
        return next.StopReason(step, exhausted) is { } reason
            ? ClosingPhase.Start(Problem, optimizer.Point, reason, next.Progress, steps)
            : next.Ask(steps);
    }

    /// <summary>One evaluation more, which is one epoch; one step more if there is one and it is not the starting point.</summary>
    TrainingProgress Advance(OptimizerStep? step) => Progress with
    {
        Evaluations = Progress.Evaluations + 1,
        Epochs = Progress.Epochs + 1,
        Steps = step is not null && Progress.Evaluations > 0 ? Progress.Steps + 1 : Progress.Steps,
    };

    StoppedBy? StopReason(OptimizerStep? step, bool exhausted) =>
        step?.GradientMax <= Tolerance ? StoppedBy.Tolerance
        : exhausted ? StoppedBy.Precision
        : step is not null && Progress.Steps >= StepsMax ? StoppedBy.Steps
        : null;

    TrainerAnswer Ask(ReadOnlySpan<StepSummary> steps)
    {
        var next = this with { Progress = Progress with { Version = Progress.Version + 1 } };
        var question = new Question(
            new EvaluationRequest(EvaluationKind.Gradient), Problem.ParametersAt(Optimizer.Trial), next.Progress.Version);
        return new(next, question, [.. steps], null);
    }
}
