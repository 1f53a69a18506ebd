using System.Runtime.InteropServices;
using System.Text;
using DistTrain.Coordinator.Input;
using DistTrain.Coordinator.Output;
using DistTrain.Coordinator.Reports.Curves;
using DistTrain.Coordinator.Runs;
using DistTrain.Coordinator.Training;

namespace DistTrain.Coordinator.Reports;

/// <summary>report.html of a run folder, made from the run and from the files that lie there already.</summary>
static class ReportFile
{
    /// <summary>The page, in UTF-8.</summary>
    /// <param name="warnings">What the user was warned of during the run.</param>
    public static byte[] Render(TrainedRun run, TrainingInput input, IEnumerable<string> warnings, DateTimeOffset finished) =>
        Encoding.UTF8.GetBytes(ReportPage.Render(DataOf(run, input, warnings, finished)));

    /// <summary>Writes it: whole, or not at all.</summary>
    /// <param name="beforeRename">Called when the page is on the disk; what it throws keeps it from its name.</param>
    public static void Write(RunFolder folder, byte[] page, Action beforeRename) =>
        AtomicFile.Write(folder.ReportPath, stream => stream.Write(page), beforeRename);

    static ReportData DataOf(TrainedRun run, TrainingInput input, IEnumerable<string> warnings, DateTimeOffset finished)
    {
        var manifest = run.Dataset.Manifest;
        using var options = File.OpenRead(run.Folder.OptionsPath);
        // The log of events is still open for writing.
        using var events = new FileStream(run.Folder.EventsPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        return new ReportData
        {
            Run = run.Folder.Shown,
            Finished = finished,
            Elapsed = run.Elapsed,
            ResumedFromStep = run.ResumedFrom?.Step,
            WorkerCount = run.WorkerCount,
            Result = run.Result,
            Model = run.Model,
            Dataset = new DatasetFacts(
                manifest.TrainingRowCount, manifest.ValidationRowCount, manifest.ShardCount, manifest.Fingerprint, input.Files,
                FeatureSpread.StandardDeviations(manifest)),
            Options = RunOptions.Read(options),
            History = EventsReader.Read(events),
            Penalties = [.. PathReport.PathJson(run) ?? []],
            Folds = run.Folds is { } folds ? FoldsJson.Of(folds) : null,
            Findings = [.. input.Findings],
            Warnings = [.. warnings],
            Platform = string.Join(
                ", ", RuntimeInformation.FrameworkDescription, RuntimeInformation.OSDescription, RuntimeInformation.ProcessArchitecture),
        };
    }
}
