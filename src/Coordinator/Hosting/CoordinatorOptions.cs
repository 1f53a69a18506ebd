using DistTrain.Learning;
using DistTrain.Node;
using DistTrain.Training;
using Microsoft.Extensions.Options;

namespace DistTrain.Coordinator.Hosting;

/// <summary>How long a coordinator waits, and for whom. Nothing here decides a bit of the result.</summary>
public sealed class CoordinatorOptions
{
    /// <summary>Workers to wait for before the first evaluation, at least 1; default 1.</summary>
    public int MinWorkers { get; set; } = 1;

    /// <summary>Longest wait for the first workers, and for another one when none is left; above 0, default 60 s.</summary>
    public TimeSpan JoinTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Deadline of a lease while no evaluation of its kind has been timed; above 0, default 60 s.</summary>
    public TimeSpan LeaseFirst { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Shortest deadline of a lease; above 0, default 2 s.</summary>
    public TimeSpan LeaseMin { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// Longest time until training ends where it stands; above 0; null, the default: no limit. A run stopped so has other bits elsewhere.
    /// </summary>
    public TimeSpan? MaxTime { get; set; }

    /// <summary>
    /// Share of the shards of each evaluation that is computed by two workers and compared; in [0, 1], default 0. Above 0 the job needs a
    /// <see cref="TrainingJob.Computer"/>.
    /// </summary>
    public double Audit { get; set; }

    /// <param name="arithmeticHash">What joining workers must have.</param>
    internal TrainingRunOptions Of(TrainingJob job, string arithmeticHash) => new()
    {
        Run = job.Run,
        Term = job.Term,
        FirstStep = job.FirstStep,
        Checkpoints = job.CheckpointStore is null ? null : job.CheckpointPlan,
        Shape = ModelShape.Of(job.Manifest),
        Targets = job.Targets,
        Dataset = job.Dataset,
        TrainingRows = job.Manifest.TrainingRows,
        ValidationRows = job.Manifest.ValidationRows,
        ArithmeticHash = arithmeticHash,
        MinWorkers = MinWorkers,
        JoinTimeout = JoinTimeout,
        LeaseFirst = LeaseFirst,
        LeaseMin = LeaseMin,
        MaxTime = MaxTime,
        Goal = job.Goal,
        Audit = Audit,
        AuditSeed = (ulong)job.Term.Number,
        CanRecompute = job.Computer is not null,
    };

    /// <summary>For a run without a host.</summary>
    /// <exception cref="OptionsValidationException">With all faults at once.</exception>
    public void RequireValid(TrainingJob job)
    {
        if (new Validation(job).Validate(null, this) is { Failed: true } refused)
            throw new OptionsValidationException(nameof(CoordinatorOptions), typeof(CoordinatorOptions), refused.Failures);
    }

    /// <summary>Stops the host from starting, with all faults at once.</summary>
    internal sealed class Validation(TrainingJob job) : IValidateOptions<CoordinatorOptions>
    {
        public ValidateOptionsResult Validate(string? name, CoordinatorOptions options)
        {
            string[] faults = [.. options.Of(job, NodeArithmetic.OfSameProcess).Problems().Select(problem => $"{problem.Message}; {string.Join("; ", problem.Details)}")];
            return faults.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
