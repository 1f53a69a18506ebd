namespace DistTrain.Node;

/// <summary>Names that all nodes agree on. They are part of every address, so they never depend on the node.</summary>
public static class NodeNames
{
    /// <summary>The actor system.</summary>
    public const string System = "disttrain";

    /// <summary>The actor that conducts the run.</summary>
    public const string Training = "training";

    /// <summary>The actor of a coordinator candidate that workers of other processes ask to join.</summary>
    public const string Door = "door";

    /// <summary>The cluster singleton that conducts the run of a cluster.</summary>
    public const string Conductor = "conductor";

    /// <summary>Where a worker of the same process finds the run's actor.</summary>
    public const string TrainingPath = "/user/" + Training;

    /// <summary>The one worker of a process that has no coordinator in it.</summary>
    public const string LoneWorker = "worker";

    /// <summary>What stands for the coordinator beside it.</summary>
    public const string Gate = "gate";

    /// <summary>The actor of a worker.</summary>
    public static string Worker(int index) => $"worker-{index}";
}
