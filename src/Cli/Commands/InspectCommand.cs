using System.CommandLine;
using System.Text.Json;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Runs;
using DistTrain.Node.CommandLine;
using DistTrain.Node.Datasets;
using DistTrain.Problems;

namespace DistTrain.Cli.Commands;

/// <summary>inspect MODEL|RUN|DATASET: what is in it.</summary>
sealed class InspectCommand : Command
{
    static readonly (string Name, string File)[] RunFiles =
        [("options", "options.json"), ("dataset", "dataset.json"), ("result", "result.json")];

    readonly Argument<string> _path =
        new("MODEL|RUN|DATASET") { Description = "a run folder, a model/ folder, or the folder of a dataset" };

    readonly Option<bool> _json = CliOption.Switch("--json", "one JSON object on stdout");
    readonly CliEnvironment _environment;

    public InspectCommand(CliEnvironment environment) : base("inspect", "what is in a model, a run or a dataset, in words and tables")
    {
        _environment = environment;
        Add(_path);
        Add(_json);
        SetAction(Run);
    }

    int Run(ParseResult parsed)
    {
        var typed = parsed.GetRequiredValue(_path);
        var path = _environment.FullPath(typed);
        if (MappedFolder.HoldsDataset(path))
        {
            InspectDataset(typed, parsed.GetValue(_json));
            return (int)ExitCode.Done;
        }
        var isRun = RunFolder.HoldsRun(path);
        var modelFolder = ModelFolder.Find(typed, _environment);
        if (modelFolder is null && !isRun) throw ModelFolder.NotThere(typed, _environment);

        var model = modelFolder is null ? null : ModelFolder.Load(typed, _environment);
        if (parsed.GetValue(_json))
        {
            WriteJson(path, modelFolder);
            return (int)ExitCode.Done;
        }
        if (isRun) RunReport.Write(_environment.Output, typed, path);
        if (model is not null) ModelReport.Write(_environment.Output, model);
        else _environment.Output.WriteTopic("model", "none: the run did not finish");
        return (int)ExitCode.Done;
    }

    /// <summary>Every file is read and checked; as JSON the manifest is shown as it is.</summary>
    void InspectDataset(string typed, bool isJson)
    {
        var input = StoredInput.Open(typed, _environment);
        input.Check(_environment.Parallel);
        if (isJson) _environment.Output.WriteLine(System.Text.Encoding.UTF8.GetString(input.Folder.ReadManifest()).TrimEnd());
        else DatasetReport.Write(_environment.Output, input.Shown, input.Dataset, input.Files);
    }

    /// <summary>One object of the files that there are, under their names.</summary>
    void WriteJson(string path, string? modelFolder)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, JsonLines.Indented))
        {
            json.WriteStartObject();
            foreach (var (name, file) in RunFiles) WriteFile(json, name, Path.Combine(path, file));
            if (modelFolder is not null) WriteFile(json, "model", Path.Combine(modelFolder, ModelFolder.Description));
            json.WriteEndObject();
        }
        _environment.Output.WriteLine(System.Text.Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
    }

    static void WriteFile(Utf8JsonWriter json, string name, string path)
    {
        if (RunReport.TryRead(path) is not { } content) return;
        json.WritePropertyName(name);
        content.WriteTo(json);
    }
}
