import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { DemoState } from "../../demo-state.ts";
import { useDemoAction } from "./use-demo-action.ts";

/** Makes a chosen step fail, to see the database return and support paged. */
export function FailureSwitch({ demo }: { demo: DemoState }): VNode {
  const act = useDemoAction();
  const failAt = (name: string | null): void => act({ type: "fail-at", step: name });
  const [chosen, setChosen] = useState(demo.failableSteps[0]?.name ?? "");
  const step = demo.failAt ?? chosen;
  const isOn = demo.failAt !== null;
  const choose = (name: string): void => {
    setChosen(name);
    if (isOn) failAt(name);
  };
  return (
    <section class="lab-section" aria-label="Make a step fail">
      <div class={isOn ? "failure failure-on" : "failure"}>
        <div class="failure-top">
          <h3 id="failure-title">Make a step fail</h3>
          <Switch labelledBy="failure-title" isOn={isOn} onTurn={() => failAt(isOn ? null : step)} />
        </div>
        <select
          class="lab-select"
          aria-label="The step that fails"
          value={step}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        >
          {demo.failableSteps.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
        </select>
        <p class="failure-words">{isOn ? words.on : words.off}</p>
      </div>
    </section>
  );
}

const words = {
  on: "This step fails when a migration reaches it.",
  off: "Every step works. Switch on to see support paged.",
} as const;

interface SwitchProps {
  readonly labelledBy: string;
  readonly isOn: boolean;
  readonly onTurn: () => void;
}

function Switch({ labelledBy, isOn, onTurn }: SwitchProps): VNode {
  return (
    <button
      type="button"
      class="switch"
      role="switch"
      aria-checked={isOn}
      aria-labelledby={labelledBy}
      onClick={onTurn}
    >
      <span class="switch-track">
        <span class="switch-thumb" />
      </span>
      <span class="switch-word">{isOn ? "On" : "Off"}</span>
    </button>
  );
}
