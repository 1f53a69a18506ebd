using System.Diagnostics;

namespace DistTrain.FaultHarness.Processes;

/// <summary>A program that is run to its end.</summary>
/// <param name="Output">Of its stdout.</param>
/// <param name="Errors">Of its stderr.</param>
sealed record Finishing(int ExitCode, string Output, string Errors)
{
    /// <exception cref="TimeoutException">It did not end by its deadline, and was killed.</exception>
    public static async Task<Finishing> OfAsync(IReadOnlyList<string> command, TimeSpan deadline, CancellationToken stop)
    {
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start.");
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(deadline);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            return new Finishing(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            process.Kill();
            throw new TimeoutException($"{string.Join(' ', command)}: not at its end after {deadline.TotalSeconds} s.");
        }
    }
}
