using DistTrain.Coordinator.Files;
using DistTrain.Formats;
using DistTrain.Node.CommandLine;
using DistTrain.Problems;

namespace DistTrain.Coordinator.Runs;

/// <summary>A model on disk: model.json and parameters.safetensors, alone or in a run's folder.</summary>
static class ModelFolder
{
    public const string Name = "model";
    public const string Description = "model.json";
    const string Parameters = "parameters.safetensors";

    /// <summary>
    /// Writes a whole model: the folder appears under its name only when both files are on disk. One that is there is replaced: it is of a
    /// run that was lost before it had written its result.
    /// </summary>
    /// <param name="beforeRename">Called when both files are on the disk, or gone; what it throws keeps the folder as it was.</param>
    public static void Save(string folder, SavedModel model, Action? beforeRename = null)
    {
        var temporary = DurableFile.TemporaryFor(folder);
        Directory.CreateDirectory(temporary);
        try
        {
            AtomicFile.Write(Path.Combine(temporary, Parameters), stream => ParametersFile.Write(stream, model.Weights, model.Intercepts));
            AtomicFile.Write(Path.Combine(temporary, Description), stream => ModelFile.Write(stream, model));
            beforeRename?.Invoke();
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
            Directory.Move(temporary, folder);
            Disk.Instance.FlushFolder(Path.GetDirectoryName(folder)!);
        }
        catch (Exception e)
        {
            if (Directory.Exists(temporary)) Directory.Delete(temporary, recursive: true);
            // Another process that goes on with the run removes what it takes for left behind: that is the cause to tell then.
            if (e is DirectoryNotFoundException or FileNotFoundException) beforeRename?.Invoke();
            throw;
        }
    }

    /// <summary>The model of a run folder or a model folder.</summary>
    /// <param name="typed">The path as the user wrote it.</param>
    /// <exception cref="DistTrainException">DT7001 to DT7005, exit 7.</exception>
    public static SavedModel Load(string typed, CliEnvironment environment)
    {
        var folder = Find(typed, environment) ?? throw NotThere(typed, environment);
        var (description, parameters) = (Path.Combine(folder, Description), Path.Combine(folder, Parameters));
        if (!File.Exists(parameters)) throw NotThere(typed, environment);
        using var descriptionStream = File.OpenRead(description);
        using var parametersStream = File.OpenRead(parameters);
        return ModelFileReader.Read(
            descriptionStream, Shown(typed, folder, Description, environment),
            parametersStream, Shown(typed, folder, Parameters, environment));
    }

    /// <summary>Where the numbers of the model of a run folder or a model folder are, if there is one.</summary>
    public static string ParametersPathIn(string folder) =>
        Path.Combine(Directory.Exists(Path.Combine(folder, Name)) ? Path.Combine(folder, Name) : folder, Parameters);

    /// <summary>The folder that holds model.json: the one named, or model/ in it; null where there is none.</summary>
    public static string? Find(string typed, CliEnvironment environment)
    {
        var path = environment.FullPath(typed);
        return new[] { path, Path.Combine(path, Name) }.FirstOrDefault(folder => File.Exists(Path.Combine(folder, Description)));
    }

    // The path in messages begins as the user typed it.
    static string Shown(string typed, string folder, string file, CliEnvironment environment) =>
        Path.Combine(typed, Path.GetRelativePath(environment.FullPath(typed), Path.Combine(folder, file)));

    /// <summary>DT7005: a path without a model.</summary>
    public static DistTrainException NotThere(string typed, CliEnvironment environment)
    {
        var suggestion = Suggestion.Line(NearestName.Of(typed, environment));
        return new Problem(
            "DT7005", ExitCode.Unreadable, $"{typed}: no model here",
            ["expected: a run folder or its model/ folder, with model.json and parameters.safetensors", .. suggestion]).AsException();
    }
}
