using DistTrain.Learning;
using DistTrain.Learning.Optimizers;

namespace DistTrain.Training.Phases;

/// <summary>Optimising with evaluations of the whole training part.</summary>
sealed record FullBatchPhase(
    TrainingProblem Problem, IOptimizer Optimizer, int StepsMax, double Tolerance, TrainingProgress Progress) : ITrainer
{
    public static TrainerAnswer Start(TrainingProblem problem, IOptimizer optimizer, int stepsMax, double tolerance) =>
        new FullBatchPhase(problem, optimizer, stepsMax, tolerance, default).Ask([]);

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
