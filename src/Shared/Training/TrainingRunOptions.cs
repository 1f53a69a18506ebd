using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Learning;
using DistTrain.Problems;
using DistTrain.Protocol;

namespace DistTrain.Training;

/// <summary>What a run is about, and how long it waits for whom. Nothing here decides a bit of the result.</summary>
public sealed record TrainingRunOptions
{
    public required RunId Run { get; init; }

    public Term Term { get; init; } = Term.First;

    public required ModelShape Shape { get; init; }

    /// <summary>How labels enter the loss; told to every worker. Default plain.</summary>
    public Targets Targets { get; init; } = Targets.Plain;

    /// <summary>Where workers of other processes find the dataset; null where all are in this one.</summary>
    public DatasetOffer? Dataset { get; init; }

    /// <summary>Rows of each training shard.</summary>
    public required ImmutableArray<int> TrainingRows { get; init; }

    /// <summary>Rows of each validation shard; empty where nothing is held out.</summary>
    public ImmutableArray<int> ValidationRows { get; init; } = [];

    /// <summary>The self-test hash that a worker must have: the coordinator's own.</summary>
    public required string ArithmeticHash { get; init; }

    /// <summary>Workers to wait for before the first evaluation, at least 1; default 1.</summary>
    public int MinWorkers { get; init; } = 1;

    /// <summary>Longest wait for the first workers, and for another one when none is left; above 0, default 60 s.</summary>
    public TimeSpan JoinTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Deadline of a lease while no evaluation of its kind has been timed; above 0, default 60 s.</summary>
    public TimeSpan LeaseFirst { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Shortest deadline of a lease; above 0, default 2 s.</summary>
    public TimeSpan LeaseMin { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Deadline of a lease in median times of recent evaluations of its kind; at least 1, default 3.</summary>
    public double LeaseMultiple { get; init; } = 3;

    /// <summary>Deadlines that a worker may let pass in silence before it counts as lost; at least 1, default 4.</summary>
    public int SilentDeadlines { get; init; } = 4;

    /// <summary>
    /// Longest time of an evaluation without an answer that counts, where all who owe one let deadline after deadline pass; above 0, default
    /// 10 min.
    /// </summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Attempts at computing a shard that may fail in one evaluation before the run does; at least 1, default 3.</summary>
    public int ShardAttempts { get; init; } = 3;

    /// <summary>Longest time for the trainer's own arithmetic between two evaluations; above 0, default 10 min.</summary>
    public TimeSpan TrainerTimeout { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Share of the shards of each evaluation that is computed by two workers and compared; in [0, 1], default 0. Above 0 it needs
    /// <see cref="CanRecompute"/>.
    /// </summary>
    public double Audit { get; init; }

    /// <summary>Which shards are drawn.</summary>
    public ulong AuditSeed { get; init; }

    /// <summary>
    /// The host can compute shards itself (<see cref="RecomputeShards"/>). Then sums that are not finite have to be confirmed.
    /// </summary>
    public bool CanRecompute { get; init; }

    /// <summary>Step that the run goes on from; 0 where it begins.</summary>
    public int FirstStep { get; init; }

    /// <summary>When checkpoints are saved; null: never.</summary>
    public CheckpointPlan? Checkpoints { get; init; }

    /// <summary>
    /// Longest time from the run's start until training ends where it stands; above 0; null, the default: no limit. The closing passes
    /// follow it.
    /// </summary>
    public TimeSpan? MaxTime { get; init; }

    public ImmutableArray<int> RowsOf(DatasetPart part) => part == DatasetPart.Training ? TrainingRows : ValidationRows;

    /// <summary>Where training ends by itself, for forecasts; null: none are made.</summary>
    public TrainingGoal? Goal { get; init; }

    /// <summary>All faults at once; empty where the run may start.</summary>
    public IEnumerable<Problem> Problems()
    {
        if (MinWorkers < 1) yield return Fault("MinWorkers", MinWorkers, "a whole number of at least 1");
        if (JoinTimeout <= TimeSpan.Zero) yield return Fault("JoinTimeout", JoinTimeout, "a duration above 0");
        if (LeaseFirst <= TimeSpan.Zero) yield return Fault("LeaseFirst", LeaseFirst, "a duration above 0");
        if (LeaseMin <= TimeSpan.Zero) yield return Fault("LeaseMin", LeaseMin, "a duration above 0");
        if (!(LeaseMultiple >= 1)) yield return Fault("LeaseMultiple", LeaseMultiple, "a number of at least 1");
        if (SilentDeadlines < 1) yield return Fault("SilentDeadlines", SilentDeadlines, "a whole number of at least 1");
        if (AnswerTimeout <= TimeSpan.Zero) yield return Fault("AnswerTimeout", AnswerTimeout, "a duration above 0");
        if (ShardAttempts < 1) yield return Fault("ShardAttempts", ShardAttempts, "a whole number of at least 1");
        if (!(Audit >= 0 && Audit <= 1)) yield return Fault("Audit", Audit, "a number from 0 to 1");
        if (Audit > 0 && !CanRecompute) yield return Fault("Audit", Audit, "0 where the coordinator has no data of its own");
        if (MaxTime <= TimeSpan.Zero) yield return Fault("MaxTime", MaxTime, "a duration above 0");
        if (TrainerTimeout <= TimeSpan.Zero) yield return Fault("TrainerTimeout", TrainerTimeout, "a duration above 0");
        foreach (var problem in Checkpoints?.Problems() ?? []) yield return problem;
    }

    static Problem Fault(string option, object found, string expected) =>
        new("DT3020", ExitCode.Configuration, FormattableString.Invariant($"{option} is {found}"), $"expected: {expected}");
}
