using System.Collections.Immutable;
using DistTrain.Formats.State;

namespace DistTrain.Training.Phases;

/// <summary>Where a phase ended.</summary>
/// <param name="Problem">What was minimised.</param>
/// <param name="Point">Where, as the optimiser sees it.</param>
/// <param name="Progress">All that was done on the way.</param>
sealed record Arrival(TrainingProblem Problem, double[] Point, StoppedBy StoppedBy, TrainingProgress Progress)
{
    /// <summary>F there, in float arithmetic; NaN where it is not known.</summary>
    public double Objective { get; init; } = double.NaN;

    /// <summary>
    /// What the objective is held against at the end (<see cref="Growth"/>); ∞ where the way here could not lead upwards.
    /// </summary>
    public double StartObjective { get; init; } = double.PositiveInfinity;

    /// <summary>The path that led here, in the order of training; empty where there was one penalty only.</summary>
    public ImmutableArray<PathPoint> Path { get; init; } = [];

    public void Save(StateWriter state)
    {
        state.Write(Problem.L2);
        state.Write(Point);
        state.Write(StoppedBy);
        Progress.Save(state);
        state.Write(Objective);
        state.Write(StartObjective);
        PathPoint.Save(Path, state);
    }

    /// <param name="plan">Knows the problem of each penalty.</param>
    public static Arrival Restore(StateReader saved, TrainingPlan plan)
    {
        var problem = plan.ProblemOf(saved.ReadDouble());
        var point = saved.ReadDoubles(problem.Objective.Shape.ParameterCount);
        var reason = saved.ReadReason() ?? throw new InvalidDataException("the state holds an end without a reason");
        return new(problem, point, reason, TrainingProgress.Restore(saved))
        {
            Objective = saved.ReadDouble(),
            StartObjective = saved.ReadDouble(),
            Path = PathPoint.Restore(saved),
        };
    }
}
