using Akka.Actor;
using DistTrain.Node.Compute;
using DistTrain.Protocol;

namespace DistTrain.Worker.Actors;

/// <summary>The opening of a run's dataset, off the actor's thread and with a deadline.</summary>
static class RunOpening
{
    /// <summary>Starts it; <paramref name="self"/> gets <see cref="Opened"/> or <see cref="Unopened"/>.</summary>
    /// <param name="computer">The arithmetic, where it was there at once; then nothing is sent.</param>
    /// <returns>Gives the opening up; to be called once, also when it has ended.</returns>
    public static Action Start(WorkerSetting setting, WorkerAdmitted admission, IActorRef self, out IShardComputer? computer)
    {
        var deadline = new CancellationTokenSource(setting.OpenTimeout, setting.Time);
        var opening = setting.Computers.OpenAsync(admission, deadline.Token).AsTask();
        computer = opening.IsCompletedSuccessfully ? opening.Result : null;
        if (computer is null) Await(opening, setting, admission, self, deadline.Token);
        return () =>
        {
            deadline.Cancel();
            deadline.Dispose();
        };
    }

    /// <summary>An opening that does not heed its deadline is waited for no longer all the same.</summary>
    static void Await(
        Task<IShardComputer> opening, WorkerSetting setting, WorkerAdmitted admission, IActorRef self, CancellationToken deadline)
    {
        var started = setting.Time.GetTimestamp();
        opening.WaitAsync(deadline).PipeTo(
            self,
            success: computer => new Opened(admission, computer, setting.Time.GetElapsedTime(started)),
            failure: cause => new Unopened(admission, cause is OperationCanceledException ? TooLate(setting, cause) : cause));
    }

    static TimeoutException TooLate(WorkerSetting setting, Exception cause) =>
        new(FormattableString.Invariant($"it was not open after {setting.OpenTimeout.TotalSeconds:0.###} s"), cause);
}

/// <summary>Whoever opened a run's dataset to the worker.</summary>
sealed record Opened(WorkerAdmitted Admission, IShardComputer Computer, TimeSpan Elapsed) : INoSerializationVerificationNeeded;

/// <summary>Whoever failed to open it to the worker.</summary>
sealed record Unopened(WorkerAdmitted Admission, Exception Cause) : INoSerializationVerificationNeeded;
