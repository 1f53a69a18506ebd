namespace DistTrain.Node;

/// <summary>Names that all nodes agree on. They are part of every address, so they never depend on the node.</summary>
public static class NodeNames
{
    /// <summary>The actor system.</summary>
    public const string System = "disttrain";

    /// <summary>The actor that conducts the run.</summary>
    public const string Training = "training";

    /// <summary>Where a worker finds it.</summary>
    public const string TrainingPath = "/user/" + Training;

    /// <summary>The actor of a worker.</summary>
    public static string Worker(int index) => $"worker-{index}";
}
