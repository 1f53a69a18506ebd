using DistTrain.Coordinator.Commands;
using DistTrain.Coordinator.Runs;
using DistTrain.Data.Storage;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;

namespace DistTrain.Coordinator.Training;

/// <summary>The model of --initial-model.</summary>
/// <param name="Shown">Its path as the user wrote it.</param>
sealed record InitialModel(SavedModel Model, string Shown)
{
    const int NamesShown = 5;

    /// <summary>Null where none is asked for.</summary>
    /// <exception cref="Problems.DistTrainException">DT7001 to DT7005, exit 7.</exception>
    public static InitialModel? Load(TrainSettings settings, CliEnvironment environment) =>
        settings.InitialModel is { } typed ? new InitialModel(ModelFolder.Load(typed, environment), typed) : null;

    /// <summary>Its numbers for a dataset.</summary>
    public ModelTransfer For(Dataset dataset) => ModelTransfer.To(dataset, Model, Shown);

    /// <summary>Says what is carried over, what is new and what is lost.</summary>
    public void Tell(ModelTransfer transfer, Talk talk)
    {
        var (features, classes) = (transfer.FeatureCount + transfer.NewFeatures.Length, transfer.ClassCount + transfer.NewClasses.Length);
        talk.Note("initial",
            $"{Shown}: {Figures.Count(transfer.FeatureCount)} of {Figures.Count(features, "feature", "features")} and " +
            $"{Figures.Count(transfer.ClassCount)} of {Figures.Count(classes, "class", "classes")} start from it");
        Tell("new", "features", transfer.NewFeatures, talk);
        Tell("new", "classes", transfer.NewClasses, talk);
        Tell("dropped", "features", transfer.DroppedFeatures, talk);
        Tell("dropped", "classes", transfer.DroppedClasses, talk);
    }

    static void Tell(string what, string kind, IReadOnlyList<string> names, Talk talk)
    {
        if (names.Count == 0) return;
        var others = names.Count > NamesShown ? $", … ({Figures.Count(names.Count)})" : "";
        talk.Note("", $"{what} {kind}: {string.Join(", ", names.Take(NamesShown))}{others}");
    }
}
