using Microsoft.Extensions.Options;

namespace DistTrain.Worker.Hosting;

/// <summary>How many workers a process has, and of what size. Nothing here decides a bit of the result.</summary>
public sealed class WorkerOptions
{
    /// <summary>Workers in this process, at least 1; default 1.</summary>
    public int Count { get; set; } = 1;

    /// <summary>Compute threads of each, at least 1; default 1.</summary>
    public int ThreadsEach { get; set; } = 1;

    /// <summary>Stops the host from starting, with all faults at once.</summary>
    internal sealed class Validation : IValidateOptions<WorkerOptions>
    {
        public ValidateOptionsResult Validate(string? name, WorkerOptions options)
        {
            var faults = new List<string>();
            if (options.Count < 1) faults.Add($"Count is {options.Count}; expected: a whole number of at least 1");
            if (options.ThreadsEach < 1) faults.Add($"ThreadsEach is {options.ThreadsEach}; expected: a whole number of at least 1");
            return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
        }
    }
}
